import JSON
import Platform

/// Lines that were measured, and what can be said of them: rates with their uncertainty, by groups, the letters that are confused, and whether
/// another model reads the same lines better.
///
/// Lines of a fragment stand and fall together, so uncertainty is that of fragments: intervals are by the bootstrap (Efron 1979) over
/// fragments, 1,000 resamples; two models are compared by the sign-flip test over fragments (Fisher 1935), 10,000 flips. Both are drawn from a
/// fixed seed: the same lines give the same figures. About 200 bytes a line.
public struct EvaluationReport: Sendable {
  public private(set) var lines: [MeasuredLine] = []

  public init() {}

  public mutating func add(_ line: MeasuredLine) { lines.append(line) }

  /// A share with the bounds between which 95 of 100 resamples lie.
  public struct Rate: Hashable, Sendable {
    public var errors: Int
    public var of: Int
    public var low: Double
    public var high: Double
    /// nil for a rate of nothing.
    public var value: Double? { of == 0 ? nil : Double(errors) / Double(of) }
  }

  public var letterErrors: Rate { Self.rate(lines) { ($0.errors, $0.letters) } }
  public var wordErrors: Rate { Self.rate(lines) { ($0.wrongWords, $0.words) } }
  /// Lines that are not right to the letter.
  public var lineErrors: Rate { Self.rate(lines) { ($0.errors > 0 ? 1 : 0, 1) } }

  /// Letter errors by the values of a group (`place`, `century`, `fragment`), worst first; a line without the group counts to none.
  public func rates(by group: String) -> [(name: String, lines: Int, rate: Rate)] {
    let parts = Dictionary(grouping: lines) { group == "fragment" ? $0.fragment : $0.groups[group] ?? "" }
    return parts.filter { !$0.key.isEmpty }.map { name, part in
      (name, part.count, Self.rate(part) { ($0.errors, $0.letters) })
    }.sorted { ($1.rate.value ?? 0, $0.name) < ($0.rate.value ?? 0, $1.name) }
  }

  /// What is read for what, most frequent first, right letters left out; nil stands for no letter.
  public var confusions: [(truth: Character?, read: Character?, count: Int)] {
    var counts: [LetterSteps.Step: Int] = [:]
    for line in lines where line.errors > 0 {
      for step in LetterSteps(truth: Array(line.truth), read: Array(line.read)).steps where step.truth != step.read {
        counts[step, default: 0] += 1
      }
    }
    func name(_ step: LetterSteps.Step) -> String { "\(step.truth ?? " ")\(step.read ?? " ")" }
    return counts.sorted { ($1.value, name($0.key)) < ($0.value, name($1.key)) }
      .map { ($0.key.truth, $0.key.read, $0.value) }
  }

  /// Another model on the same lines.
  public struct Comparison: Hashable, Sendable {
    /// Letters wrong of this model less those of the other, as a share of the letters both were asked for; below 0 this one is better.
    public var difference: Double
    public var low: Double
    public var high: Double
    /// How often chance alone makes a difference as large, either way.
    public var chance: Double
    public var lines: Int
    public var fragments: Int
    /// With fewer than six fragments no flip of their signs tells anything from chance: lines are flipped, as if they were independent.
    public var isByLines: Bool

    public var isWorse: Bool { difference > 0 && chance < 0.05 }
    public var isBetter: Bool { difference < 0 && chance < 0.05 }
  }

  /// Two to the fifth is more than twenty: from six on, all flips one way are rarer than one in twenty.
  private static let fewestFragments = 6

  /// nil where the two have no line in common.
  public func compared(with other: EvaluationReport) -> Comparison? {
    let theirs = Dictionary(other.lines.map { ($0.fragment + "\0" + $0.name, $0) }, uniquingKeysWith: { one, _ in one })
    let pairs = lines.compactMap { line in theirs[line.fragment + "\0" + line.name].map { (line, $0) } }
    let count = Set(pairs.map(\.0.fragment)).count
    let isByLines = count < Self.fewestFragments
    var sums: [String: (difference: Int, letters: Int)] = [:]
    for (own, other) in pairs {
      let unit = isByLines ? own.fragment + "\0" + own.name : own.fragment
      let known = sums[unit] ?? (0, 0)
      sums[unit] = (known.difference + own.errors - other.errors, known.letters + own.letters)
    }
    let fragments = sums.sorted { $0.key < $1.key }.map(\.value)
    let letters = fragments.reduce(0) { $0 + $1.letters }
    guard letters > 0 else { return nil }
    let sum = fragments.reduce(0) { $0 + $1.difference }
    var random = SplitMix64(seed: 7)
    var reached = 0
    let flips = 10_000
    for _ in 0..<flips {
      var flipped = 0
      for fragment in fragments { flipped += random.next() >> 63 == 0 ? fragment.difference : -fragment.difference }
      if abs(flipped) >= abs(sum) { reached += 1 }
    }
    let bounds = Self.bootstrap(fragments.map { (Double($0.difference), Double($0.letters)) })
    return Comparison(
      difference: Double(sum) / Double(letters), low: bounds.low, high: bounds.high,
      chance: Double(reached + 1) / Double(flips + 1), lines: pairs.count, fragments: count, isByLines: isByLines)
  }

  // MARK: Chance

  private static func rate(_ lines: [MeasuredLine], _ count: (MeasuredLine) -> (Int, Int)) -> Rate {
    var fragments: [String: (Int, Int)] = [:]
    for line in lines {
      let (errors, of) = count(line)
      let known = fragments[line.fragment] ?? (0, 0)
      fragments[line.fragment] = (known.0 + errors, known.1 + of)
    }
    let parts = fragments.sorted { $0.key < $1.key }.map(\.value)
    let bounds = bootstrap(parts.map { (Double($0.0), Double($0.1)) })
    return Rate(
      errors: parts.reduce(0) { $0 + $1.0 }, of: parts.reduce(0) { $0 + $1.1 }, low: bounds.low, high: bounds.high)
  }

  /// The 2.5th and 97.5th percentiles of the ratio of sums over 1,000 resamples.
  private static func bootstrap(_ parts: [(Double, Double)]) -> (low: Double, high: Double) {
    guard !parts.isEmpty else { return (0, 0) }
    var random = SplitMix64(seed: 19)
    var ratios: [Double] = []
    for _ in 0..<1000 {
      var (top, bottom) = (0.0, 0.0)
      for _ in parts {
        let part = parts[Int(random.next() % UInt64(parts.count))]
        top += part.0
        bottom += part.1
      }
      ratios.append(bottom == 0 ? 0 : top / bottom)
    }
    ratios.sort()
    return (ratios[25], ratios[974])
  }

  /// Members of the JSON object that `evaluate` prints; rates of nothing are null.
  public var members: [JSONValue.Member] {
    func short(_ value: Double) -> JSONValue { .double((value * 10000).rounded() / 10000) }
    func json(_ rate: Rate) -> JSONValue {
      .object([
        "rate": rate.value.map(short) ?? .null, "low": short(rate.low), "high": short(rate.high),
        "errors": .int(rate.errors), "of": .int(rate.of),
      ])
    }
    func json(by group: String) -> JSONValue {
      .array(
        rates(by: group).map {
          .object(["name": .string($0.name), "lines": .int($0.lines), "letterErrors": json($0.rate)])
        })
    }
    return [
      .init("letterErrors", json(letterErrors)), .init("wordErrors", json(wordErrors)),
      .init("lineErrors", json(lineErrors)), .init("byPlace", json(by: "place")),
      .init("byCentury", json(by: "century")), .init("byHand", json(by: "hand")),
      .init("byFragment", json(by: "fragment")),
      .init(
        "confusions",
        .array(
          confusions.prefix(50).map {
            .object([
              "truth": $0.truth.map { .string(String($0)) } ?? .null,
              "read": $0.read.map { .string(String($0)) } ?? .null,
              "count": .int($0.count),
            ])
          })),
    ]
  }
}

extension EvaluationReport.Comparison {
  public var json: JSONValue {
    func short(_ value: Double) -> JSONValue { .double((value * 1e5).rounded() / 1e5) }
    return .object([
      "difference": short(difference), "low": short(low), "high": short(high), "chance": short(chance),
      "lines": .int(lines), "fragments": .int(fragments), "byLines": .bool(isByLines),
    ])
  }
}
