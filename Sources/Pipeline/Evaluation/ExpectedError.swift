import Corpus
import JSON
import Text

/// How many letters of a collection are wrong, as far as its readings tell, where nobody knows the truth.
///
/// A calibrated letter of probability p is wrong once in 1 / (1 - p) times: the letters of the first candidates are expected to hold as many wrong ones as
/// the sum of 1 - p. Letters that were left out have no probability and are not in it. Lines that scholars decided about show what such an expectation
/// is worth: what was expected of them is set against what was wrong (`checked`). Sums alone are kept, and the worst fragments.
public struct ExpectedError: Sendable {
  /// What some lines are expected to hold.
  public struct Tally: Hashable, Sendable {
    public var lines = 0
    public var letters = 0
    public var wrong = 0.0
    /// Lines whose first candidate is more likely right than not, to the letter.
    public var probablyRight = 0
    /// nil for a rate of nothing.
    public var rate: Double? { letters == 0 ? nil : wrong / Double(letters) }

    mutating func add(_ candidate: Candidate) {
      lines += 1
      letters += candidate.letters.count
      wrong += candidate.letters.reduce(0) { $0 + 1 - min(1, max(0, $1.probability)) }
      if candidate.probability > 0.5 { probablyRight += 1 }
    }

    static func + (a: Tally, b: Tally) -> Tally {
      Tally(
        lines: a.lines + b.lines, letters: a.letters + b.letters, wrong: a.wrong + b.wrong,
        probablyRight: a.probablyRight + b.probablyRight)
    }
  }

  public struct Fragment: Hashable, Sendable {
    public var id: String
    public var tally: Tally
  }

  /// Lines nobody decided about.
  public private(set) var whole = Tally()
  public private(set) var fragments = 0
  /// By the values of each group: `place`, `century`.
  public private(set) var groups: [String: [String: Tally]] = [:]
  /// Of the greatest share of wrong letters, worst first.
  public private(set) var worst: [Fragment] = []
  /// Lines that somebody decided about: what was expected of their first candidates, and the letters that were wrong of those that stand there.
  public private(set) var checked = Tally()
  public private(set) var checkedTruth = (letters: 0, wrong: 0)

  /// Fragments that are listed, and letters of which fewer say nothing of a fragment.
  static let (most, leastLetters) = (20, 20)

  public init() {}

  /// Adds a fragment: the first candidates of lines nobody decided about.
  public mutating func add(_ id: String, _ candidates: [Candidate], groups names: [String: String]) {
    guard !candidates.isEmpty else { return }
    var tally = Tally()
    for candidate in candidates { tally.add(candidate) }
    fragments += 1
    whole = whole + tally
    for (group, name) in names { groups[group, default: [:]][name] = (groups[group]?[name] ?? Tally()) + tally }
    guard tally.letters >= Self.leastLetters, let rate = tally.rate else { return }
    guard worst.count < Self.most || rate > worst.last!.tally.rate! else { return }
    let place = worst.firstIndex { $0.tally.rate! < rate } ?? worst.count
    worst.insert(Fragment(id: id, tally: tally), at: place)
    if worst.count > Self.most { worst.removeLast() }
  }

  /// Adds a line that somebody decided about.
  public mutating func check(_ candidate: Candidate, truth: String) {
    checked.add(candidate)
    checkedTruth.letters += truth.count
    checkedTruth.wrong += EditDistance.between(Array(candidate.text), Array(truth))
  }

  /// Letters wrong of those that stand there, on checked lines; nil where none was checked.
  public var measuredRate: Double? {
    checkedTruth.letters == 0 ? nil : Double(checkedTruth.wrong) / Double(checkedTruth.letters)
  }

  public var json: JSONValue {
    func rounded(_ value: Double?) -> JSONValue { value.map { .double(($0 * 10000).rounded() / 10000) } ?? .null }
    func members(_ tally: Tally, _ name: String? = nil) -> JSONValue {
      .object([
        "name": name.map { .string($0) }, "lines": .int(tally.lines), "letters": .int(tally.letters),
        "expectedWrong": .double((tally.wrong * 10).rounded() / 10), "expectedRate": rounded(tally.rate),
        "linesProbablyRight": .int(tally.probablyRight),
      ])
    }
    func sorted(_ group: String) -> JSONValue {
      .array(
        (groups[group] ?? [:]).sorted { ($1.value.rate ?? 0, $0.key) < ($0.value.rate ?? 0, $1.key) }
          .map { members($0.value, $0.key) })
    }
    return .object([
      "fragments": .int(fragments), "expected": members(whole), "centuries": sorted("century"),
      "places": sorted("place"), "worst": .array(worst.map { members($0.tally, $0.id) }),
      "checked": .object([
        "lines": .int(checked.lines), "expectedRate": rounded(checked.rate), "letters": .int(checkedTruth.letters),
        "wrong": .int(checkedTruth.wrong), "rate": rounded(measuredRate),
      ]),
    ])
  }
}
