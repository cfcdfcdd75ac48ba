// A file of weights is JSON:
//   {"version":1,"features":["forward",…],"texts":"what it was fitted on",
//    "entries":[{"letters":[1,1],"weights":[0.31,…],"slope":0.93,"offset":-0.05,"language":[0.8,0.4,0.95,-0.02]},…]}
// "language", where a decoder of letters weighs the best once more: what their scores and what it says of them count, slope and offset.
import Glibc
import JSON
import Platform

/// How much each of `FillingFeatures` counts, by the length of a gap, and how far the probabilities that follow may be believed.
public struct RestorerWeights: Sendable, Hashable {
  /// For gaps of `letters`: a weight for each feature, and what brings the probability of the first proposal in line with how often it is right.
  public struct Entry: Sendable, Hashable {
    public var letters: ClosedRange<Int>
    public var weights: [Float]
    /// Slope and offset of a `ProbabilityMap`.
    public var slope: Double
    public var offset: Double
    /// Where a decoder of letters has a say.
    public var language: Reweighing?
  }

  /// What the score of a filling counts, and what a decoder of letters says of it; and the map of the probabilities that follow.
  public struct Reweighing: Sendable, Hashable {
    public var own, language: Float
    public var slope, offset: Double
  }

  /// At least one.
  public private(set) var entries: [Entry]

  /// Lengths that are weighed alike.
  static let lengths = [1...1, 2...2, 3...4, 5...7, 8...Gap.longest]

  /// Weights of what is yet to be weighed.
  static let none = RestorerWeights(
    entries: [
      Entry(letters: 1...Gap.longest, weights: [Float](repeating: 0, count: FillingFeatures.count), slope: 1, offset: 0)
    ])

  init(entries: [Entry]) {
    precondition(!entries.isEmpty)
    self.entries = entries
  }

  /// The entry for gaps of `count` letters.
  func entry(for count: Int) -> Entry { entries.first { $0.letters.contains(count) } ?? entries[entries.count - 1] }

  /// What a decoder counts for gaps of some lengths, which must be those of an entry.
  mutating func set(_ language: Reweighing, for lengths: ClosedRange<Int>) {
    for at in entries.indices where entries[at].letters == lengths { entries[at].language = language }
  }

  /// Reads a file of weights.
  public init(path: String) throws(TextsError) {
    let value: JSONValue
    do { value = try JSONValue.parse(Files.read(path, limit: 1 << 20)) } catch {
      throw TextsError(.unreadable, "\(error)")
    }
    guard value["version"]?.int == 1, value["features"]?.array?.map(\.string) == FillingFeatures.names else {
      throw TextsError(
        .malformed, "\(path): its weights are for another state of the program; fit them anew: grapheion texts fit")
    }
    entries = []
    for entry in value["entries"]?.array ?? [] {
      guard let ends = entry["letters"]?.array?.compactMap(\.int), ends.count == 2, ends[0] >= 1, ends[0] <= ends[1],
        let weights = entry["weights"]?.array?.compactMap(\.double), weights.count == FillingFeatures.count,
        let slope = entry["slope"]?.double, let offset = entry["offset"]?.double,
        (weights + [slope, offset]).allSatisfy(\.isFinite)
      else { throw TextsError(.malformed, "\(path): an entry is not whole") }
      var added = Entry(letters: ends[0]...ends[1], weights: weights.map(Float.init), slope: slope, offset: offset)
      if let language = entry["language"]?.array?.compactMap(\.double) {
        guard language.count == 4, language.allSatisfy(\.isFinite) else {
          throw TextsError(.malformed, "\(path): an entry is not whole")
        }
        added.language = Reweighing(
          own: Float(language[0]), language: Float(language[1]), slope: language[2], offset: language[3])
      }
      entries.append(added)
    }
    guard !entries.isEmpty else { throw TextsError(.malformed, "\(path): it has no entry") }
  }

  /// Writes a file of weights, whole or not at all.
  public func write(to path: String, texts: String) throws(TextsError) {
    func short(_ number: Double) -> JSONValue { .double((number * 1e5).rounded() / 1e5) }
    let entries = entries.map { entry in
      JSONValue.object([
        "letters": [.int(entry.letters.lowerBound), .int(entry.letters.upperBound)],
        "weights": .array(entry.weights.map { short(Double($0)) }), "slope": short(entry.slope),
        "offset": short(entry.offset),
        "language": entry.language.map {
          .array([Double($0.own), Double($0.language), $0.slope, $0.offset].map(short))
        },
      ])
    }
    let head = String(
      JSONValue.object([
        "version": 1, "features": .array(FillingFeatures.names.map { .string($0) }), "texts": .string(texts),
      ]).text.dropLast())
    let text = head + ",\"entries\":[\n" + entries.map { "  " + $0.text }.joined(separator: ",\n") + "\n]}\n"
    do throws(SystemError) { try Files.replace(path, with: Array(text.utf8)) } catch {
      throw TextsError(.unreadable, "\(error)")
    }
  }
}
