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
/// A context is a number, `LetterModel.Context`; to go on by a letter costs a few steps, whatever the order. Memory: 10 bytes a context and
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

  /// Contexts and continuations are numbered alike, level by level, context 0 the empty one; a context's continuations follow those of the context before it.
  private struct Entry {
    /// Symbols listed.
    var mask: UInt32
    /// The context without its first symbol.
    var suffix: Context = 0
  }

  private let entries: [Entry]
  /// The first continuation of every fourth context; those of the three after it are counted from there.
  private let firsts: [Int32]
  /// What each context leaves for the letters that it does not list.
  private let backoffs: [Int8]
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
    var firsts: [Int32] = []
    var backoffs: [Int8] = []
    // The empty context has a number but is nobody's continuation.
    var probabilities: [Int8] = [0]
    // Room for all at once: arrays that grow are copied, and for a while there are two.
    let contexts = levels.reduce(0) { $0 + $1.masks.count }
    entries.reserveCapacity(contexts)
    firsts.reserveCapacity(contexts / 4 + 1)
    backoffs.reserveCapacity(contexts)
    probabilities.reserveCapacity(levels.reduce(1) { $0 + $1.probabilities.count })
    for (depth, level) in levels.enumerated() {
      guard level.backoffs.count == level.masks.count, level.backoffs.allSatisfy({ $0 <= 0 }),
        level.probabilities.allSatisfy({ $0 <= 0 })
      else { return nil }
      var next = probabilities.count
      for (mask, backoff) in zip(level.masks, level.backoffs) {
        guard mask >> UInt32(symbols) == 0, next < Int(Int32.max) - 32, backoff > -128 else { return nil }
        if entries.count % 4 == 0 { firsts.append(Int32(next)) }
        entries.append(Entry(mask: mask))
        next += mask.nonzeroBitCount
      }
      backoffs += level.backoffs
      guard next - probabilities.count == level.probabilities.count else { return nil }
      if depth + 1 < levels.count, levels[depth + 1].masks.count != level.probabilities.count { return nil }
      probabilities += level.probabilities
    }
    // Every letter can stand after nothing.
    let letters = (UInt32(1) << UInt32(symbols)) - 2
    guard entries[0].mask & letters == letters else { return nil }
    guard Self.joinSuffixes(&entries, firsts) else { return nil }
    self.name = name
    self.id = id
    self.alphabet = alphabet
    order = levels.count
    self.entries = entries
    self.firsts = firsts
    self.backoffs = backoffs
    self.probabilities = probabilities
    start = entries[0].mask & 1 == 1 ? firsts[0] : 0
  }

  /// A context's suffix is the suffix of what it goes on from, gone on by the same symbol. False where that one does not list the symbol.
  private static func joinSuffixes(_ entries: inout [Entry], _ firsts: [Int32]) -> Bool {
    var child = 1 + entries[0].mask.nonzeroBitCount
    for context in 1..<max(1, entries.count) {
      let entry = entries[context]
      let shorter = entries[Int(entry.suffix)].mask
      guard entry.mask & ~shorter == 0 else { return false }
      // The last level's continuations are no contexts.
      if child >= entries.count { continue }
      let first = first(Int(entry.suffix), entries, firsts)
      var mask = entry.mask
      while mask != 0, child < entries.count {
        let below: UInt32 = 1 << UInt32(mask.trailingZeroBitCount) - 1
        entries[child].suffix = first + Int32((shorter & below).nonzeroBitCount)
        mask &= mask - 1
        child += 1
      }
    }
    return true
  }

  /// The number of a context's first continuation.
  @inline(__always)
  private static func first(_ context: Int, _ entries: [Entry], _ firsts: [Int32]) -> Int32 {
    var first = firsts[context >> 2]
    for before in context & ~3..<context { first += Int32(entries[before].mask.nonzeroBitCount) }
    return first
  }

  /// The number of a continuation that a context lists.
  @inline(__always)
  private func continuation(of context: Int, _ symbol: Int) -> Int32 {
    Self.first(context, entries, firsts)
      + Int32((entries[context].mask & (1 << UInt32(symbol) - 1)).nonzeroBitCount)
  }

  /// The natural logarithm of how likely `symbol` (from 1) comes next, and the context after it.
  public func step(_ context: Context, _ symbol: Int) -> (logProbability: Float, next: Context) {
    var at = Int(context)
    var sum: Int32 = 0
    while entries[at].mask >> UInt32(symbol) & 1 == 0 {
      // The empty context lists every letter.
      sum += Int32(backoffs[at])
      at = Int(entries[at].suffix)
    }
    let place = continuation(of: at, symbol)
    let logProbability = Float(sum + Int32(probabilities[Int(place)])) / Self.scale
    if place < entries.count { return (logProbability, place) }
    // The last level's continuations are no contexts: their ends are.
    return (logProbability, continuation(of: Int(entries[at].suffix), symbol))
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

  /// The symbols that a context lists.
  func listed(by context: Int) -> UInt32 { entries[context].mask }

  /// A context without its first symbol.
  func suffix(of context: Int) -> Context { entries[context].suffix }

  func backoff(of context: Int) -> Int8 { backoffs[context] }

  /// How likely what a context lists is, symbols ascending.
  func probabilities(of context: Int) -> ArraySlice<Int8> {
    let first = Int(Self.first(context, entries, firsts))
    return probabilities[first..<first + entries[context].mask.nonzeroBitCount]
  }

  /// The context of one symbol more, where there is one.
  func context(_ context: Int, _ symbol: Int) -> Int? {
    guard entries[context].mask >> UInt32(symbol) & 1 == 1 else { return nil }
    let place = Int(continuation(of: context, symbol))
    return place < entries.count ? place : nil
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
