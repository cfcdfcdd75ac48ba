import CKernels
import Glibc
import Platform

/// Attention of a batch in one layer, shared out by heads of keys and by blocks of tokens.
///
/// Queries of all heads that share a head of keys, and of all tokens of a block, go over the trunk together: what a key costs to fetch and unpack is
/// paid once. What branches see beside the trunk is looked up cell by cell.
struct DecoderAttention {
  private let config: DecoderConfig
  private let state: DecoderState
  private let batch: DecoderForward.Batch
  private let layer: Int
  private let path: Int32
  /// Heads that share a head of keys.
  private let shared: Int
  /// Tokens of a block.
  private let block: Int

  init(_ forward: DecoderForward, _ batch: DecoderForward.Batch, layer: Int) {
    config = forward.config
    state = forward.state
    path = forward.path
    self.batch = batch
    self.layer = layer
    shared = config.heads / config.keyHeads
    block = max(1, DecoderState.queriesAtOnce / shared)
  }

  func run(_ team: Team, _ scratch: DecoderState.Scratch) {
    let blocks = (batch.tokens.count + block - 1) / block
    team.share(blocks * config.keyHeads) { index in
      let from = index / config.keyHeads * block
      attend(from..<min(batch.tokens.count, from + block), keyHead: index % config.keyHeads, scratch)
    }
  }

  private func attend(_ tokens: Range<Int>, keyHead: Int, _ scratch: DecoderState.Scratch) {
    // Heads that share keys are so many that a block may hold a part of them only.
    let most = DecoderState.queriesAtOnce
    for first in stride(from: 0, to: shared, by: most) {
      attend(tokens, keyHead: keyHead, heads: first..<min(shared, first + most), scratch)
    }
  }

  private func attend(_ tokens: Range<Int>, keyHead: Int, heads: Range<Int>, _ scratch: DecoderState.Scratch) {
    let cache = state.cache
    let size = config.headSize
    let keys = UnsafeRawPointer(cache.keys(layer)) + keyHead * cache.headPitch
    let values = UnsafeRawPointer(cache.values(layer)) + keyHead * cache.headPitch
    let count = tokens.count * heads.count
    let roundedPitch = (4 * size + 63) & ~63
    for (place, token) in tokens.enumerated() {
      let from = state.queries + token * config.queryWidth + (keyHead * shared + heads.lowerBound) * size
      (scratch.query + place * heads.count * size).update(from: from, count: heads.count * size)
    }
    grapheion_round_columns(cache.kind, count, size, scratch.query, size, scratch.rounded, roundedPitch)

    // The cells of the trunk that some token of the block sees.
    let lower = tokens.map { first($0) }.min() ?? 0
    let upper = tokens.map { batch.trunk[$0] }.max() ?? 0
    let longest = tokens.map { batch.paths[$0].count }.max() ?? 0
    let width = upper - lower + longest
    if upper > lower {
      grapheion_stored_product(
        path, cache.kind, size, keys + lower * cache.pitch, cache.pitch, upper - lower, count, scratch.rounded,
        roundedPitch, scratch.scores, width, scratch.panel)
    }
    for (place, token) in tokens.enumerated() {
      let rounded = scratch.rounded + place * heads.count * roundedPitch
      let scores = scratch.scores + place * heads.count * width
      for (step, cell) in batch.paths[token].enumerated() {
        grapheion_stored_rows(
          path, cache.kind, size, keys + cell * cache.pitch, cache.pitch, 1, heads.count, rounded, roundedPitch,
          scores + upper - lower + step, width)
      }
      weigh(token, lower: lower, upper: upper, width: width, heads.count, scores)
    }

    scratch.mixed.update(repeating: 0, count: count * size)
    if upper > lower {
      grapheion_stored_mix(
        path, cache.kind, size, values + lower * cache.pitch, cache.pitch, upper - lower, count, scratch.scores, width,
        scratch.mixed, size)
    }
    for (place, token) in tokens.enumerated() {
      let mixed = scratch.mixed + place * heads.count * size
      for (step, cell) in batch.paths[token].enumerated() {
        grapheion_stored_mix(
          path, cache.kind, size, values + cell * cache.pitch, cache.pitch, 1, heads.count,
          scratch.scores + place * heads.count * width + upper - lower + step, width, mixed, size)
      }
      let to = state.attended + token * config.queryWidth + (keyHead * shared + heads.lowerBound) * size
      to.update(from: mixed, count: heads.count * size)
    }
  }

  /// The first cell of the trunk that a token sees: its window may begin later.
  private func first(_ token: Int) -> Int {
    guard let window = config.window else { return 0 }
    return min(batch.trunk[token], max(0, batch.positions[token] - window + 1))
  }

  /// Turns a token's scores into weights: those of cells that it does not see become 0.
  private func weigh(
    _ token: Int, lower: Int, upper: Int, width: Int, _ heads: Int, _ scores: UnsafeMutablePointer<Float>
  ) {
    let path = batch.paths[token]
    // Cells of the trunk, moved so that `lower` is 0; places of the path that the window has left behind.
    let from = first(token) - lower
    let to = batch.trunk[token] - lower
    let behind = config.window.map { max(0, path.count - $0) } ?? 0
    let scale = config.scoreScale * temperature(batch.positions[token])
    for head in 0..<heads {
      let row = scores + head * width
      if path.isEmpty {
        row.update(repeating: 0, count: from)
        grapheion_softmax(to - from, scale, row + from)
        (row + to).update(repeating: 0, count: width - to)
      } else {
        // A branch sees all of the trunk from `from` on; its own path follows at once.
        let own = row + (upper - lower)
        if behind > 0 { own.update(repeating: -.infinity, count: behind) }
        row.update(repeating: 0, count: from)
        grapheion_softmax(upper - lower - from + path.count, scale, row + from)
        (own + path.count).update(repeating: 0, count: width - (upper - lower) - path.count)
      }
      // As precise as the values that they weigh: so has ggml it.
      grapheion_round_columns(Int32(GGUFTensor.Kind.f16.rawValue), 1, width, row, width, row, 4 * width)
    }
  }

  private func temperature(_ position: Int) -> Float {
    guard config.temperature > 0 else { return 1 }
    return 1 + config.temperature * logf(Float(position / config.rotary.original) + 1)
  }
}
