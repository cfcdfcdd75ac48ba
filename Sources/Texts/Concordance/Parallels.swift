import Glibc

/// A place of the known texts that shares letters with what was sought.
public struct FoundParallel: Sendable, Hashable {
  /// Which index of those searched.
  public var index: Int
  /// The letters that are shared, with what stands between them.
  public var letters: Range<Int>
  /// How many letters of what was sought stand there.
  public var shared: Int
  /// By what the list is ordered: what the shared letters say together, in bits.
  var worth: Double
}

/// Finds what the known texts have in common with a pattern or with a stretch of text.
public struct Parallels {
  let indexes: [TextIndex]

  public init(_ indexes: [TextIndex]) { self.indexes = indexes }

  /// Where the whole pattern stands, in any spelling; and where it does not stand at all, what shares most with it. Best first, at most `limit`.
  ///
  /// A few milliseconds in 20 million letters; up to 100 for a page of text.
  public func find(_ pattern: ParallelPattern, limit: Int = 20) -> [FoundParallel] {
    let whole = indexes.indices.flatMap { find(pattern, in: $0, limit: 50 * limit) }
    if !whole.isEmpty { return Array(whole.prefix(limit)) }
    return sharing(pattern.pieces.flatMap(\.letters), limit: limit)
  }

  /// Places of the longest piece, with the others where they must stand.
  private func find(_ pattern: ParallelPattern, in number: Int, limit: Int) -> [FoundParallel] {
    let index = indexes[number]
    let pieces = pattern.pieces
    let anchor = pieces.indices.max { pieces[$0].letters.count < pieces[$1].letters.count } ?? 0
    var found: [FoundParallel] = []
    var seen = Set<Int>()
    for places in Concordance(index).spelled(pieces[anchor].letters) {
      for rank in places.ranks.prefix(200_000) {
        let place = index.place(rank)
        guard let end = end(index, pieces[anchor...], at: place),
          let start = start(index, pieces[..<anchor], before: place), seen.insert(start).inserted
        else { continue }
        found.append(FoundParallel(index: number, letters: start..<end, shared: pattern.letterCount, worth: 0))
        if found.count >= limit { break }
      }
      if found.count >= limit { break }
    }
    return found.sorted { $0.letters.lowerBound < $1.letters.lowerBound }
  }

  /// Where the pieces that begin at `place` end.
  private func end(_ index: TextIndex, _ pieces: ArraySlice<ParallelPattern.Piece>, at place: Int) -> Int? {
    guard let first = pieces.first, let end = index.end(of: first.letters[...], at: place) else { return nil }
    if pieces.count == 1 { return end }
    for gap in first.gap {
      if gap > 0, index.isBetweenTexts(end + gap - 1) { return nil }
      if let last = self.end(index, pieces.dropFirst(), at: end + gap) { return last }
    }
    return nil
  }

  /// Where the pieces begin that end before `place`, the last one's gap included.
  private func start(_ index: TextIndex, _ pieces: ArraySlice<ParallelPattern.Piece>, before place: Int) -> Int? {
    guard let last = pieces.last else { return place }
    for gap in last.gap {
      let end = place - gap
      if end < 0 || gap > 0 && index.isBetweenTexts(end) { return nil }
      // Another spelling may be longer or shorter.
      let count = last.letters.count
      for length in max(1, count - count / 2)...count + count / 2 + 1 where end - length >= 0 {
        guard index.end(of: last.letters[...], at: end - length) == end else { continue }
        if let start = start(index, pieces.dropLast(), before: end - length) { return start }
      }
    }
    return nil
  }

  // MARK: Stretches of text

  /// Letters of a seed: what two texts must have in common at least.
  private static let seed = 8
  /// A seed that stands in more places says nothing.
  private static let common = 300
  /// Seeds grow up to here until they stand in fewer places.
  private static let longestSeed = 24

  /// Texts that share the most with letters, which need not stand anywhere as they are.
  private func sharing(_ letters: [UInt8], limit: Int) -> [FoundParallel] {
    var hits: [Hit] = []
    guard letters.count >= 4 else { return [] }
    let length = min(Self.seed, letters.count)
    for (number, index) in indexes.enumerated() {
      for start in 0...letters.count - length {
        // Of a formula more is needed to tell its places apart.
        var length = length
        var spellings: [Concordance]
        var count: Int
        repeat {
          spellings = Concordance(index).spelled(Array(letters[start..<start + length]), limit: 40)
          count = spellings.reduce(0) { $0 + $1.count }
          length += 4
        } while count > Self.common && start + length <= letters.count && length <= Self.longestSeed
        length -= 4
        guard count > 0 else { continue }
        let shown = min(count, Self.common)
        let worth = log2(Double(max(2, index.count)) / Double(count))
        for spelling in spellings {
          for rank in spelling.ranks.prefix(shown) {
            hits.append(
              Hit(
                index: number, place: index.place(rank), sought: start, taken: length, length: spelling.depth,
                worth: worth))
          }
        }
      }
    }
    hits.sort { ($0.index, $0.place) < ($1.index, $1.place) }
    return Self.joined(hits).sorted {
      $0.worth != $1.worth ? $0.worth > $1.worth : ($0.index, $0.letters.lowerBound) < ($1.index, $1.letters.lowerBound)
    }.prefix(limit).map { $0 }
  }

  private struct Hit {
    var index, place: Int
    /// Where the seed begins in what is sought, how many letters of it it is, and how many stand for it in the text.
    var sought, taken, length: Int
    var worth: Double
  }

  /// Hits that follow each other in both texts at about the same distance are one parallel.
  private static func joined(_ hits: [Hit]) -> [FoundParallel] {
    var result: [FoundParallel] = []
    var open: FoundParallel?
    var last: Hit?
    var covered = 0
    func close() {
      if let open { result.append(open) }
      open = nil
    }
    for hit in hits {
      if var current = open, let before = last, before.index == hit.index,
        abs((hit.place - before.place) - (hit.sought - before.sought)) <= 6, hit.sought > before.sought,
        hit.place - before.place <= 60
      {
        current.letters = current.letters.lowerBound..<max(current.letters.upperBound, hit.place + hit.length)
        let new = max(0, min(hit.taken, hit.sought + hit.taken - covered))
        current.shared += new
        // Seeds overlap: each new letter brings its part.
        current.worth += hit.worth * Double(new) / Double(hit.taken)
        covered = max(covered, hit.sought + hit.taken)
        open = current
      } else {
        close()
        covered = hit.sought + hit.taken
        open = FoundParallel(
          index: hit.index, letters: hit.place..<hit.place + hit.length, shared: hit.taken, worth: hit.worth)
      }
      last = hit
    }
    close()
    return result
  }
}

extension TextIndex {
  /// Whether one text ends there and another begins.
  func isBetweenTexts(_ place: Int) -> Bool {
    letter(place) & TextLetters.mask == 0 && text(ofLine: line(of: place)) != text(ofLine: line(of: place + 1))
  }

  /// The lines that letters stand in, as an edition prints them; at most four.
  public func quote(_ letters: Range<Int>) -> String {
    let first = line(of: letters.lowerBound)
    let last = min(first + 3, line(of: max(letters.lowerBound, letters.upperBound - 1)))
    return (first...max(first, last)).compactMap { line($0).map { TextRow.printed($0.words) } }.joined(separator: " / ")
  }
}
