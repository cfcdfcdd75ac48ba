/// From evidence to what a scholar is shown.
extension EvidenceSearch {
  /// The letters that stand in a place.
  func filling(_ evidence: Evidence, _ gap: Gap, _ count: Int) -> [UInt8] {
    (evidence.place..<evidence.place + count).map { place in
      let letter =
        evidence.index >= 0
        ? indexes[evidence.index].letter(place)
        : place < gap.before.count ? gap.before[place] : gap.after[place - gap.before.count]
      return letter & TextLetters.mask
    }
  }

  /// Parallels that are kept of a filling.
  static let parallelLimit = 5

  /// Places that speak for fillings, best first.
  func parallels(
    _ evidence: [Evidence], of fillings: Set<[UInt8]>, _ gap: Gap, _ count: Int
  ) -> [[UInt8]: [Restorer.Parallel]] {
    var found: [[UInt8]: [Restorer.Parallel]] = [:]
    // A parallel shares at least as much as a word with what stands around the gap.
    let near = evidence.filter { $0.index >= 0 && $0.looseLeft + $0.looseRight >= 5 }
    for one in near.sorted(by: {
      ($1.looseLeft + $1.looseRight, $0.index, $0.place) < ($0.looseLeft + $0.looseRight, $1.index, $1.place)
    }) {
      let letters = filling(one, gap, count)
      guard fillings.contains(letters), found[letters]?.count ?? 0 < Self.parallelLimit else { continue }
      found[letters, default: []].append(
        Restorer.Parallel(index: one.index, letters: one.place..<one.place + count, left: one.left, right: one.right))
    }
    return found
  }
}
