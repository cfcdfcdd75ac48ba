import Text

/// What it is worth to correct a line: how much a reader would learn from the answer. The workbench's queue and whoever picks lines to learn
/// from order by it.
///
/// Uncertainty weighed by how typical a line is, after Settles and Craven (An analysis of active learning strategies for sequence labeling
/// tasks, 2008). Pure.
public enum LineWorth {
  /// How much the answer would tell, alone: the sum over the letters of the first candidate of the variance of its being right, p(1 - p). A sure
  /// line has nothing to tell; a hopeless one, mostly none at all, little; one of which half the letters are in doubt, most. 0 for a line
  /// without candidates.
  public static func gain(of candidates: [Candidate]) -> Double {
    guard let first = candidates.first else { return 0 }
    let letters = first.letters.map(\.probability)
    guard !letters.isEmpty else {
      // A candidate without letters of its own: its probability stands for each of them.
      let count = Double(first.leiden.count { GreekMarks.isLetter($0) })
      return count * variance(first.probability)
    }
    return letters.reduce(0) { $0 + variance($1) }
  }

  /// How many letters of the first candidate are wrong, as the model expects: the sum of 1 - p.
  public static func doubt(of candidates: [Candidate]) -> Double {
    candidates.first?.letters.reduce(0) { $0 + 1 - min(max($1.probability, 0), 1) } ?? 0
  }

  /// What the index tells of a whole fragment, without opening it: the mean probability of its first candidates stands for each line. 0 where
  /// nothing is open.
  public static func gain(of overview: FragmentOverview) -> Double {
    guard overview.isRead, overview.lines > overview.decided, let confidence = overview.confidence else { return 0 }
    return variance(confidence) / Double(1 + overview.decided)
  }

  private static func variance(_ probability: Double) -> Double {
    guard probability.isFinite else { return 0 }
    let p = min(max(probability, 0), 1)
    return p * (1 - p)
  }

  /// The worth of the lines of one fragment, which stands for a hand: the first line of a hand nobody has corrected tells most, each further
  /// one less. In the order of `gains`.
  ///
  /// - Parameter decided: lines of the fragment that are decided already.
  public static func worths(of gains: [Double], decided: Int) -> [Double] {
    var worths = [Double](repeating: 0, count: gains.count)
    let order = gains.indices.sorted { (gains[$1], $0) < (gains[$0], $1) }
    for (place, index) in order.enumerated() { worths[index] = gains[index] / Double(1 + max(0, decided) + place) }
    return worths
  }
}
