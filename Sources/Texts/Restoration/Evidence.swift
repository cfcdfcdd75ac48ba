/// A place in the known texts whose surroundings are those of a gap: what stands there may have stood in the gap.
struct Evidence {
  /// Which index; -1 for the text that has the gap.
  let index: Int
  /// The first letter of the filling.
  let place: Int
  /// How many letters before and behind it are the same.
  let left, right: Int
  /// The same where one letter may differ, be missing or be too many before others that are the same; each such place costs two letters.
  let looseLeft, looseRight: Int
}

/// Finds such places.
struct EvidenceSearch {
  let indexes: [TextIndex]

  /// Letters that are compared on each side at most.
  static let reach = 24
  /// Of a context that stands in more places, more letters are asked for.
  static let placeLimit = 20_000

  /// What surrounds the gap, nearest letter first; 0 matches anything.
  private struct Side {
    var letters: [UInt8] = []

    init(_ side: some Sequence<UInt8>) {
      letters = side.prefix(EvidenceSearch.reach + 16).map { $0 & TextLetters.mask }
    }

    /// Known letters next to each other, and how far from the gap they begin.
    var firstRun: (distance: Int, letters: ArraySlice<UInt8>)? {
      var start = 0
      while let first = letters[start...].firstIndex(where: { $0 != 0 }) {
        let end = letters[first...].firstIndex(of: 0) ?? letters.count
        if end - first >= 3 { return (first, letters[first..<end]) }
        start = end
      }
      return nil
    }
  }

  /// Places of the known texts for a filling of `count` letters, each once.
  func places(for gap: Gap, count: Int) -> [Evidence] {
    let left = Side(gap.before.reversed())
    let right = Side(gap.after)
    var result: [Evidence] = []
    for (number, index) in indexes.enumerated() {
      var places: [Int32] = []
      if let (distance, run) = left.firstRun {
        // The letters as they stand in the text, up to the gap.
        let (found, length) = rarest(index) { length in
          run.prefix(length).reversed()
        } longest: {
          run.count
        }
        for rank in found.ranks { places.append(Int32(clamping: index.place(rank) + length + distance)) }
      }
      if let (distance, run) = right.firstRun {
        let (found, _) = rarest(index) { length in
          Array(run.prefix(length))
        } longest: {
          run.count
        }
        for rank in found.ranks { places.append(Int32(clamping: index.place(rank) - distance - count)) }
      }
      places.sort()
      var last: Int32 = -1
      for place in places where place != last && place >= 0 {
        last = place
        if let found = evidence(index, number, Int(place), count, left.letters, right.letters) { result.append(found) }
      }
    }
    return result
  }

  /// The shortest context, of three letters at least, that does not stand in too many places.
  private func rarest(
    _ index: TextIndex, _ context: (Int) -> [UInt8], longest: () -> Int
  ) -> (Concordance, length: Int) {
    var length = 3
    while true {
      let found = Concordance(index).followed(by: context(length))
      if found.count <= Self.placeLimit || length >= longest() {
        return found.count <= 8 * Self.placeLimit ? (found, length) : (Concordance(index).followed(by: [31]), length)
      }
      length += 1
    }
  }

  /// Compares what surrounds a place; nil where letters of the filling are lost there too.
  @inline(__always)
  private func evidence(
    _ index: TextIndex, _ number: Int, _ place: Int, _ count: Int, _ left: [UInt8], _ right: [UInt8]
  ) -> Evidence? {
    for at in place..<place + count where index.letter(at) & TextLetters.mask == 0 { return nil }
    let (before, looseBefore) = Self.agreeing(left) { index.letter(place - 1 - $0) }
    let (behind, looseBehind) = Self.agreeing(right) { index.letter(place + count + $0) }
    return Evidence(
      index: number, place: place, left: before, right: behind, looseLeft: looseBefore, looseRight: looseBehind)
  }

  /// How many letters agree until one differs, and how many do when single ones may; lost ones agree with anything and are not counted.
  @inline(__always)
  private static func agreeing(_ letters: [UInt8], _ other: (Int) -> UInt8) -> (strict: Int, loose: Int) {
    var agreeing = 0
    // Where both sides stand.
    var (ours, theirs) = (0, 0)
    func run() {
      while ours < letters.count, agreeing < reach {
        let letter = letters[ours]
        if letter != 0 {
          guard other(theirs) & TextLetters.mask == letter else { return }
          agreeing += 1
        }
        ours += 1
        theirs += 1
      }
    }
    run()
    let strict = agreeing
    var price = 0
    while price < 6, agreeing >= 3, agreeing < reach, ours < letters.count {
      func goesOn(_ ourStep: Int, _ theirStep: Int) -> Bool {
        for step in 0..<4 {
          guard ours + ourStep + step < letters.count else { return step >= 3 }
          let letter = letters[ours + ourStep + step]
          guard letter != 0, other(theirs + theirStep + step) & TextLetters.mask == letter else { return false }
        }
        return true
      }
      if goesOn(1, 1) {
        ours += 1
        theirs += 1
      } else if goesOn(1, 0) {
        ours += 1
      } else if goesOn(0, 1) {
        theirs += 1
      } else {
        break
      }
      price += 2
      run()
    }
    return (strict, max(strict, agreeing - price))
  }

  /// Places in the text that has the gap itself, for a filling of `count` letters: all that have a letter of its surroundings in common.
  static func repeats(in gap: Gap, count: Int) -> [Evidence] {
    let text = gap.before + gap.after
    let hole = gap.before.count
    guard text.count <= 100_000 else { return [] }
    let left = Side(gap.before.reversed())
    let right = Side(gap.after)
    var result: [Evidence] = []
    var known = 0
    for end in 1..<max(1, text.count + 1) {
      // Letters up to the end that stand together on one side of the gap and are known.
      known = end - 1 == hole ? 0 : known
      known = text[end - 1] & TextLetters.mask == 0 ? 0 : known + 1
      let place = end - count
      guard known >= count else { continue }
      func letter(_ at: Int) -> UInt8 { at >= 0 && at < text.count ? text[at] : 0 }
      // On the other side of the gap stands another stretch of text.
      func near(_ at: Int) -> UInt8 { (at >= hole) == (place >= hole) ? letter(at) : 0 }
      let (before, looseBefore) = agreeing(left.letters) { near(place - 1 - $0) }
      let (behind, looseBehind) = agreeing(right.letters) { near(end + $0) }
      let found = Evidence(
        index: -1, place: place, left: before, right: behind, looseLeft: looseBefore, looseRight: looseBehind)
      if found.left + found.right >= 1 { result.append(found) }
    }
    return result
  }
}
