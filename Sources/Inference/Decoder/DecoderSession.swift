import CKernels
import Platform

/// A decoder at work on one text: what it has read, and continuations of it. Not for more than one thread at a time; it has threads of its own.
///
/// Memory: the cells' keys and values, and buffers for `tokensAtOnce` tokens; all taken at the start.
public final class DecoderSession {
  public let model: DecoderModel
  private let cache: DecoderCache
  private let state: DecoderState
  private let rotary: RotaryTable
  private let workers: Int
  private let isStopped: @Sendable () -> Bool
  /// Rows of `state.logits` that the last call filled.
  private var rows = 0

  /// - Parameters:
  ///   - capacity: tokens that can be read and branched together.
  ///   - hasByteCache: keys and values as bytes with scales: half the memory, a little less exact.
  ///   - isStopped: asked between any two layers; once it says so, the call under way throws `.stopped`.
  public init(
    _ model: DecoderModel, capacity: Int, hasByteCache: Bool = false, tokensAtOnce: Int = 256,
    workers: Int = Threads.cores, isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.model = model
    self.workers = max(1, workers)
    self.isStopped = isStopped
    cache = DecoderCache(model.config, form: hasByteCache ? .bytes : .halves, capacity: capacity)
    state = DecoderState(
      model.weights, model.config, cache: cache, tokens: min(tokensAtOnce, capacity), workers: self.workers)
    rotary = RotaryTable(model.config.rotary, factors: model.weights.frequencyFactors)
  }

  /// Tokens read so far.
  public var count: Int { cache.trunk }
  /// Cells that are still free.
  public var free: Int { cache.free }

  /// Reads tokens behind those read before; branches are forgotten.
  ///
  /// - Parameter wanted: tokens, by their place in `tokens`, whose logits are to be worked out; the last one if nil.
  public func read(_ tokens: [Int], wanted: [Int]? = nil) throws(ModelError) {
    cache.branches = []
    guard !tokens.isEmpty else { return }
    precondition(tokens.count <= cache.free && tokens.allSatisfy(model.config.vocabularyRange.contains))
    let wanted = wanted ?? [tokens.count - 1]
    precondition(wanted.allSatisfy { $0 >= tokens.count - state.capacity }, "only the last block's logits are kept")
    var from = 0
    while from < tokens.count {
      // The last block is whole, so that all logits that are wanted come from it.
      let rest = (tokens.count - from) % state.capacity
      let size = rest > 0 && from == 0 ? rest : min(state.capacity, tokens.count - from)
      let places = from..<from + size
      let start = cache.trunk
      try run(
        DecoderForward.Batch(
          tokens: Array(tokens[places]), positions: Array(start..<start + size), cells: Array(start..<start + size),
          trunk: Array(start + 1...start + size), paths: Array(repeating: [], count: size),
          wanted: wanted.compactMap { places.contains($0) ? $0 - from : nil }))
      cache.trunk += size
      from += size
    }
  }

  /// Continues what was read, or other branches, by a token each; logits of all of them.
  ///
  /// - Parameter parents: what each token follows: nil for what was read, else what this function returned.
  /// - Returns: a number for each new branch.
  public func branch(_ tokens: [Int], after parents: [Int?]) throws(ModelError) -> [Int] {
    precondition(tokens.count == parents.count && tokens.count <= min(cache.free, state.capacity))
    guard !tokens.isEmpty else { return [] }
    let first = cache.branches.count
    let cells = tokens.indices.map { cache.trunk + first + $0 }
    let made = parents.enumerated().map { index, parent -> (position: Int, path: [Int]) in
      guard let parent else { return (cache.trunk, [cells[index]]) }
      let before = cache.branches[parent]
      return (before.position + 1, before.path + [cells[index]])
    }
    try run(
      DecoderForward.Batch(
        tokens: tokens, positions: made.map(\.position), cells: cells,
        trunk: Array(repeating: cache.trunk, count: tokens.count), paths: made.map(\.path),
        wanted: Array(tokens.indices)))
    cache.branches += made
    return Array(first..<first + tokens.count)
  }

  /// Forgets branches, and all but the first `count` tokens read.
  public func rewind(to count: Int) {
    cache.branches = []
    cache.trunk = min(cache.trunk, max(0, count))
  }

  /// The logits of the last call, by the order in which they were asked for.
  public func withLogits<T>(_ row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> T) rethrows -> T {
    precondition(row < rows)
    let size = model.config.vocabulary
    return try body(UnsafeBufferPointer(start: state.logits + row * size, count: size))
  }

  /// What is to be taken from a logit for the logarithm of its probability.
  public func logSum(_ row: Int) -> Float { withLogits(row) { grapheion_log_sum($0.count, $0.baseAddress) } }

  private func run(_ batch: DecoderForward.Batch) throws(ModelError) {
    let forward = DecoderForward(config: model.config, weights: model.weights, state: state, rotary: rotary)
    guard forward.run(batch, workers: workers, isStopped: isStopped) else {
      throw ModelError(.stopped, path: model.path, "was stopped")
    }
    rows = batch.wanted.count
    guard model.file.isIntact else {
      throw ModelError(.unreadable, path: model.path, "became shorter while it was used, or its disk fails")
    }
    for row in 0..<rows where !logSum(row).isFinite {
      throw ModelError(.damaged, path: model.path, "works out values that are no numbers")
    }
  }
}

extension DecoderConfig {
  var vocabularyRange: Range<Int> { 0..<vocabulary }
}
