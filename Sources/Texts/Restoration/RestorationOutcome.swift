import Text

/// What a restorer made of a gap whose letters are known.
public struct RestorationOutcome: Sendable {
  public let item: RestorationItem
  public let isFirst: Bool
  /// Whether the right filling is among the 20 best.
  public let isAmong: Bool
  /// Edits from the first proposal to the truth, by the letters of the truth.
  public let error: Double
  /// The same as others publish it: the share of letters, of both, that do not match (Ratcliff & Obershelp 1988). Lower than `error`, since a letter in place
  /// of another counts half on each side.
  public let mismatch: Double
  /// The probability of the first proposal.
  public let probability: Double

  public init(_ item: RestorationItem, _ restorer: Restorer) {
    let proposals = restorer.proposals(for: item.gap)
    self.item = item
    isFirst = proposals.first?.letters == item.truth
    isAmong = proposals.contains { $0.letters == item.truth }
    error =
      Double(EditDistance.between(proposals.first?.letters ?? [], item.truth)) / Double(max(1, item.truth.count))
    let first = proposals.first?.letters ?? []
    mismatch =
      1 - 2 * Double(Self.matching(item.truth[...], first[...])) / Double(max(1, item.truth.count + first.count))
    probability = proposals.first?.probability ?? 0
  }

  /// Letters of the longest stretch in common, and of those before and behind it.
  static func matching(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Int {
    var best = (one: one.startIndex, other: other.startIndex, count: 0)
    for at in one.indices {
      for place in other.indices {
        var count = 0
        while at + count < one.endIndex, place + count < other.endIndex, one[at + count] == other[place + count] {
          count += 1
        }
        if count > best.count { best = (at, place, count) }
      }
    }
    if best.count == 0 { return 0 }
    return best.count + matching(one[..<best.one], other[..<best.other])
      + matching(one[(best.one + best.count)...], other[(best.other + best.count)...])
  }

  /// A mean and half of its 95% interval; texts, not items, are drawn anew (1,000 times), since items of one text are not independent.
  public static func interval(_ outcomes: [RestorationOutcome], _ value: (RestorationOutcome) -> Double) -> (
    Double, Double
  ) {
    let texts = Dictionary(grouping: outcomes, by: \.item.text).sorted { $0.key < $1.key }.map { text in
      (sum: text.value.reduce(0) { $0 + value($1) }, count: Double(text.value.count))
    }
    guard !texts.isEmpty else { return (0, 0) }
    let mean = texts.reduce(0) { $0 + $1.sum } / texts.reduce(0) { $0 + $1.count }
    var state: UInt64 = 0x2545_F491_4F6C_DD1D
    var means = (0..<1000).map { _ in
      var (sum, count) = (0.0, 0.0)
      for _ in texts.indices {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        let text = texts[Int((state >> 33) % UInt64(texts.count))]
        sum += text.sum
        count += text.count
      }
      return sum / count
    }
    means.sort()
    return (mean, (means[974] - means[25]) / 2)
  }

  /// How far stated probabilities of first proposals are from how often they are right, over ten bins (Guo et al. 2017).
  public static func calibrationError(_ outcomes: [RestorationOutcome]) -> Double {
    var bins = [(stated: Double, right: Double)](repeating: (0, 0), count: 10)
    for outcome in outcomes {
      let bin = min(9, max(0, Int(outcome.probability * 10)))
      bins[bin].stated += outcome.probability
      bins[bin].right += outcome.isFirst ? 1 : 0
    }
    return bins.reduce(0) { $0 + abs($1.stated - $1.right) } / Double(max(1, outcomes.count))
  }
}
