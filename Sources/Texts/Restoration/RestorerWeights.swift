// A file of weights is JSON:
//   {"version":1,"features":["forward",…],"texts":"what it was fitted on",
//    "entries":[{"letters":[1,1],"weights":[0.31,…],"slope":0.93,"offset":-0.05},…]}
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
      entries.append(Entry(letters: ends[0]...ends[1], weights: weights.map(Float.init), slope: slope, offset: offset))
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
