// A letter model is a GGUF file:
//   general.architecture  "grapheion-letters"         general.name  "apollo-letters"
//   letters.version  1 (a newer one is refused)
//   letters.order     letters an entry spans at most, with the one it foretells
//   letters.alphabet  the letters, in the order of their symbols, from symbol 1; symbol 0 is where a text begins or breaks
// and for n = 0 ..< order, the contexts of n symbols that have continuations listed, in the order of their numbers:
//   level.n.masks          i32, one a context: bit s says that symbol s is listed after it
//   level.n.backoffs       i8, one a context: what is left for the letters that are not listed
//   level.n.probabilities  i8, one a listed continuation, contexts in order and symbols ascending within each
// A continuation of level n is itself the context of that number at level n + 1; those of the last level are none. A byte q stands
// for the natural logarithm q / 12, q from -127 to 0 (-127 for nothing at all).
import Glibc
import Platform

/// How likely each letter is after others: an n-gram model of letters with backing off (`LetterCounts` makes it). Read-only and
/// thread-safe.
///
/// A context is a number, `LetterModel.Context`; to go on by a letter costs a few steps, whatever the order. Memory: 12 bytes a context and
/// 1 a continuation.
public final class LetterModel: TextPrior {
  /// The longest known end of the text so far.
  public typealias Context = TextPrior.State

  public let name: String
  /// `name@` and the first twelve digits of the file's SHA-256.
  public let id: String
  public let order: Int
  public let alphabet: [Character]
  /// Where a text begins.
  public let start: Context

  /// Contexts and continuations are numbered alike, level by level, context 0 the empty one. Numbers have 28 bits; what is left of two of
  /// them holds the back-off, so that an entry takes 12 bytes.
  private struct Entry {
    /// Symbols listed.
    var mask: UInt32
    private var firstAndLow: UInt32
    private var suffixAndHigh: UInt32

    /// Numbers that are too large for an entry.
    static let limit = 1 << 28

    init(mask: UInt32, first: Int, backoff: Int8) {
      let cost = UInt32(-Int32(backoff))
      self.mask = mask
      firstAndLow = UInt32(first) | (cost & 15) << 28
      suffixAndHigh = (cost >> 4) << 28
    }

    /// The number of the first continuation.
    @inline(__always) var first: Int32 { Int32(firstAndLow & 0xFFF_FFFF) }

    /// The context without its first symbol.
    @inline(__always) var suffix: Context {
      get { Context(suffixAndHigh & 0xFFF_FFFF) }
      set { suffixAndHigh = suffixAndHigh & 0xF000_0000 | UInt32(newValue) }
    }

    /// What is left for the letters that are not listed.
    @inline(__always) var backoff: Int32 { -Int32(firstAndLow >> 28 | (suffixAndHigh >> 28) << 4) }

    /// The number of a listed continuation.
    @inline(__always)
    func continuation(_ symbol: UInt32) -> Int32 { first + Int32((mask & (1 << symbol - 1)).nonzeroBitCount) }
  }

  private let entries: [Entry]
  /// For each continuation, by its number.
  private let probabilities: [Int8]

  /// `levels[n]`: the contexts of n symbols.
  package struct Level {
    package var masks: [UInt32] = []
    package var backoffs: [Int8] = []
    package var probabilities: [Int8] = []

    package init() {}
  }

  static let architecture = "grapheion-letters"
  static let version = 1
  /// Steps of the logarithm a byte counts.
  static let scale: Float = 12

  /// nil where the levels do not fit each other.
  init?(name: String, id: String, alphabet: [Character], levels: [Level]) {
    let symbols = alphabet.count + 1
    guard (1...31).contains(alphabet.count), (2...16).contains(levels.count), levels[0].masks.count == 1 else {
      return nil
    }
    var entries: [Entry] = []
    // The empty context has a number but is nobody's continuation.
    var probabilities: [Int8] = [0]
    // Room for all at once: arrays that grow are copied, and for a while there are two.
    entries.reserveCapacity(levels.reduce(0) { $0 + $1.masks.count })
    probabilities.reserveCapacity(levels.reduce(1) { $0 + $1.probabilities.count })
    for (depth, level) in levels.enumerated() {
      guard level.backoffs.count == level.masks.count, level.backoffs.allSatisfy({ $0 <= 0 }),
        level.probabilities.allSatisfy({ $0 <= 0 })
      else { return nil }
      var next = probabilities.count
      for (mask, backoff) in zip(level.masks, level.backoffs) {
        guard mask >> UInt32(symbols) == 0, next < Entry.limit, backoff > -128 else { return nil }
        entries.append(Entry(mask: mask, first: next, backoff: backoff))
        next += mask.nonzeroBitCount
      }
      guard next - probabilities.count == level.probabilities.count else { return nil }
      if depth + 1 < levels.count, levels[depth + 1].masks.count != level.probabilities.count { return nil }
      probabilities += level.probabilities
    }
    // Every letter can stand after nothing.
    let letters = (UInt32(1) << UInt32(symbols)) - 2
    guard entries[0].mask & letters == letters else { return nil }
    guard entries.withUnsafeMutableBufferPointer(Self.joinSuffixes) else { return nil }
    self.name = name
    self.id = id
    self.alphabet = alphabet
    order = levels.count
    self.entries = entries
    self.probabilities = probabilities
    start = entries[0].mask & 1 == 1 ? entries[0].first : 0
  }

  /// A context's suffix is the suffix of what it goes on from, gone on by the same symbol. False where that one does not list the symbol.
  private static func joinSuffixes(_ entries: inout UnsafeMutableBufferPointer<Entry>) -> Bool {
    for context in 1..<max(1, entries.count) {
      let entry = entries[context]
      let shorter = entries[Int(entry.suffix)]
      guard entry.mask & ~shorter.mask == 0 else { return false }
      var mask = entry.mask
      var child = Int(entry.first)
      while mask != 0, child < entries.count {
        entries[child].suffix = shorter.continuation(UInt32(mask.trailingZeroBitCount))
        mask &= mask - 1
        child += 1
      }
    }
    return true
  }

  /// The natural logarithm of how likely `symbol` (from 1) comes next, and the context after it.
  public func step(_ context: Context, _ symbol: Int) -> (logProbability: Float, next: Context) {
    var entry = entries[Int(context)]
    var sum: Int32 = 0
    while entry.mask >> UInt32(symbol) & 1 == 0 {
      // The empty context lists every letter.
      sum += entry.backoff
      entry = entries[Int(entry.suffix)]
    }
    let place = entry.continuation(UInt32(symbol))
    let logProbability = Float(sum + Int32(probabilities[Int(place)])) / Self.scale
    if place < entries.count { return (logProbability, place) }
    // The last level's continuations are no contexts: their ends are.
    return (logProbability, entries[Int(entry.suffix)].continuation(UInt32(symbol)))
  }

  /// log p(text) from a context on; symbols from 1.
  public func logProbability(of text: some Sequence<Int>, after context: Context? = nil) -> Float {
    var at = context ?? start
    var sum: Float = 0
    for symbol in text {
      let (logProbability, next) = step(at, symbol)
      sum += logProbability
      at = next
    }
    return sum
  }

  /// Contexts and continuations.
  public var size: (contexts: Int, continuations: Int) { (entries.count, probabilities.count - 1) }
}

extension LetterModel {
  /// Whether a model file is of this kind.
  public static func isOne(_ file: GGUFFile) -> Bool { file.string("general.architecture") == architecture }

  /// Reads a letter model.
  public static func load(path: String) throws(ModelError) -> LetterModel {
    let file = try GGUFFile(path: path)
    guard isOne(file) else {
      let other = file.string("general.architecture").map { "a model of kind '\($0)'" } ?? "of no stated kind"
      throw ModelError(.wrongKind, path: path, "is \(other), not a letter model")
    }
    guard let version = file.integer("letters.version"), version <= Self.version else {
      throw ModelError(.newerVersion, path: path, "was made for a newer Grapheion")
    }
    guard let order = file.integer("letters.order"), (2...16).contains(order),
      let alphabet = file.string("letters.alphabet")
    else { throw ModelError(.damaged, path: path, "does not state its order and its letters") }
    let byName = Dictionary(file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    func tensor(_ name: String, _ kind: GGUFTensor.Kind) throws(ModelError) -> GGUFTensor {
      guard let tensor = byName[name], tensor.kind == kind else {
        throw ModelError(.damaged, path: path, "tensor '\(name)' is missing")
      }
      return tensor
    }
    var levels: [Level] = []
    for depth in 0..<order {
      var level = Level()
      level.masks = file.integers(of: try tensor("level.\(depth).masks", .i32)).map { UInt32(bitPattern: $0) }
      level.backoffs = file.bytes(of: try tensor("level.\(depth).backoffs", .i8))
      level.probabilities = file.bytes(of: try tensor("level.\(depth).probabilities", .i8))
      levels.append(level)
    }
    let name = file.string("general.name") ?? "letters"
    guard
      let model = LetterModel(
        name: name, id: "\(name)@\(file.hash.prefix(12))", alphabet: Array(alphabet), levels: levels)
    else { throw ModelError(.damaged, path: path, "its levels do not fit each other") }
    return model
  }

  /// Writes a letter model, whole or not at all.
  package static func save(
    to path: String, name: String, alphabet: [Character], levels: [Level], notes: [(String, String)] = []
  ) throws(ModelError) {
    var writer = GGUFWriter()
    writer.set("general.architecture", .string(architecture))
    writer.set("general.name", .string(name))
    for (key, text) in notes { writer.set(key, .string(text)) }
    writer.set("letters.version", .integer(Int64(version)))
    writer.set("letters.order", .integer(Int64(levels.count)))
    writer.set("letters.alphabet", .string(String(alphabet)))
    for (depth, level) in levels.enumerated() {
      writer.add("level.\(depth).masks", level.masks.map { Int32(bitPattern: $0) })
      writer.add("level.\(depth).backoffs", level.backoffs)
      writer.add("level.\(depth).probabilities", level.probabilities)
    }
    try writer.write(to: path)
  }

  /// The logarithm of a probability as a byte.
  package static func logarithm(_ probability: Double) -> Int8 {
    probability > 0 ? Int8(max(-127, min(0, (log(probability) * Double(scale)).rounded()))) : -127
  }
}
