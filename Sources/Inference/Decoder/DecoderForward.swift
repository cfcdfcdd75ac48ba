import CKernels
import Platform
import Synchronization

/// One pass of some tokens through all layers: Touvron and others (2023), with the parts that the Mistral family shares.
///
///     stream = embedding[token]
///     for each layer:
///       stream += output(attention(rotate(query(norm(stream))), rotate(key(norm(stream))), value(norm(stream))))
///       stream += down(silu(gate(norm(stream))) * up(norm(stream)))
///     logits = output(norm(stream))
///
/// Unchecked: the threads of a team go through it together, step by step, and each writes to its part of a step alone.
struct DecoderForward: @unchecked Sendable {
  let config: DecoderConfig
  let weights: DecoderWeights
  let state: DecoderState
  let rotary: RotaryTable
  let path = grapheion_stored_best()

  /// Tokens that go in together.
  struct Batch: Sendable {
    var tokens: [Int]
    /// The place of each in the text, by which it is turned.
    var positions: [Int]
    /// The cell of each.
    var cells: [Int]
    /// Cells of the trunk that each sees: one of the trunk those up to its own, others all.
    var trunk: [Int]
    /// The other cells that each sees, itself last; empty for one of the trunk.
    var paths: [[Int]]
    /// Tokens whose logits are wanted, in order.
    var wanted: [Int]
  }

  private final class Flag: Sendable {
    let isUp = Atomic<Bool>(false)
  }

  /// Fills the cells of a batch and works out the logits that are wanted.
  /// - Returns: false where it was stopped between two layers; what then stands in the cells is nothing.
  func run(_ batch: Batch, workers: Int, isStopped: @escaping @Sendable () -> Bool) -> Bool {
    precondition(batch.tokens.count <= state.capacity && workers <= state.scratch.count)
    state.makeLogits(batch.wanted.count)
    let flag = Flag()
    Team.run(workers) { team, member in
      let count = batch.tokens.count
      team.share(count) { begin(batch, $0) }
      for number in 0..<config.layers {
        if member == 0, isStopped() { flag.isUp.store(true, ordering: .relaxed) }
        attend(batch, number, team, member)
        if flag.isUp.load(ordering: .relaxed) { return }
        // Nothing behind the last layer's cells is needed but for the tokens that are asked for.
        let isLast = number == config.layers - 1
        let tokens = isLast ? batch.wanted : Array(0..<count)
        if tokens.isEmpty { return }
        feed(tokens, number, team, member)
      }
      let tokens = batch.wanted
      team.share(tokens.count) { place in
        let token = tokens[place]
        add(token, weights.layers[config.layers - 1].downBias)
        norm(token, weights.norm)
        round(token, from: state.normed, width: config.width, [weights.output], at: place)
      }
      product([(weights.output, state.logits)], tokens.count, team, member)
    }
    return !flag.isUp.load(ordering: .relaxed)
  }

  // MARK: Steps

  private func begin(_ batch: Batch, _ token: Int) {
    let row = weights.embedding.base + batch.tokens[token] * weights.embedding.pitch
    grapheion_stored_values(
      Int32(weights.embedding.kind.rawValue), config.width, row, state.stream + token * config.width)
    (state.added + token * config.width).update(repeating: 0, count: config.width)
    rotary.write(batch.positions[token], to: state.turns + token * config.rotary.size)
  }

  /// The stream takes what the last step gave.
  private func add(_ token: Int, _ bias: [Float]) {
    let added = state.added + token * config.width
    if !bias.isEmpty { grapheion_add(config.width, bias, added) }
    grapheion_add(config.width, added, state.stream + token * config.width)
  }

  private func norm(_ token: Int, _ gain: [Float]) {
    let at = token * config.width
    grapheion_rms_norm(1, config.width, state.stream + at, gain, config.epsilon, state.normed + at)
  }

  /// Rounds a token's numbers for each of some matrices; those that need the same share a place.
  private func round(
    _ token: Int, from numbers: UnsafeMutablePointer<Float>, width: Int, _ matrices: [StoredMatrix], at place: Int
  ) {
    for (slot, matrix) in slots(matrices) {
      grapheion_round_columns(
        matrix.rounding, 1, width, numbers + token * width, width, state.rounded[slot] + place * state.roundedPitch,
        state.roundedPitch)
    }
  }

  /// A matrix for each rounding that is needed.
  private func slots(_ matrices: [StoredMatrix]) -> [(Int, StoredMatrix)] {
    var found: [(Int, StoredMatrix)] = []
    for matrix in matrices where !found.contains(where: { $0.1.rounding == matrix.rounding }) {
      found.append((found.count, matrix))
    }
    return found
  }

  /// The products of matrices with the rounded columns, shared out by rows.
  private func product(
    _ all: [(matrix: StoredMatrix, out: UnsafeMutablePointer<Float>)], _ columns: Int, _ team: Team, _ member: Int
  ) {
    let slots = slots(all.map(\.matrix))
    // Pieces are large enough to be worth taking, and small enough for all to end together.
    let rows = all.reduce(0) { $0 + $1.matrix.rows }
    let piece = max(16, min(512, (rows / (team.count * 6) + 15) & ~15))
    let pieces = all.map { ($0.matrix.rows + piece - 1) / piece }
    team.share(pieces.reduce(0, +)) { index in
      var (which, index) = (0, index)
      while index >= pieces[which] {
        index -= pieces[which]
        which += 1
      }
      let (matrix, out) = all[which]
      let from = index * piece
      let slot = slots.first { $0.1.rounding == matrix.rounding }?.0 ?? 0
      grapheion_stored_product(
        path, Int32(matrix.kind.rawValue), matrix.columns, matrix.base + from * matrix.pitch, matrix.pitch,
        min(piece, matrix.rows - from), columns, state.rounded[slot], state.roundedPitch, out + from, matrix.rows,
        state.scratch[member].panel)
    }
  }

  private func attend(_ batch: Batch, _ number: Int, _ team: Team, _ member: Int) {
    let layer = weights.layers[number]
    let bias = number > 0 ? weights.layers[number - 1].downBias : []
    team.share(batch.tokens.count) { token in
      add(token, bias)
      norm(token, layer.attentionNorm)
      round(token, from: state.normed, width: config.width, [layer.query, layer.key, layer.value], at: token)
    }
    product(
      [(layer.query, state.queries), (layer.key, state.keys), (layer.value, state.values)], batch.tokens.count, team,
      member)
    team.share(batch.tokens.count) { turn(batch, number, $0) }
    DecoderAttention(self, batch, layer: number).run(team, state.scratch[member])
  }

  /// Turns a token's queries and keys by its place, and puts keys and values into its cell.
  private func turn(_ batch: Batch, _ number: Int, _ token: Int) {
    let layer = weights.layers[number]
    let (query, key, value) = (
      state.queries + token * config.queryWidth, state.keys + token * config.keyWidth,
      state.values + token * config.keyWidth
    )
    if !layer.queryBias.isEmpty { grapheion_add(config.queryWidth, layer.queryBias, query) }
    if !layer.keyBias.isEmpty { grapheion_add(config.keyWidth, layer.keyBias, key) }
    if !layer.valueBias.isEmpty { grapheion_add(config.keyWidth, layer.valueBias, value) }
    let turns = state.turns + token * config.rotary.size
    grapheion_rotate(config.heads, config.headSize, config.rotary.size, turns, query)
    grapheion_rotate(config.keyHeads, config.headSize, config.rotary.size, turns, key)
    let cell = batch.cells[token] * state.cache.pitch
    grapheion_store_row(state.cache.kind, config.keyWidth, key, state.cache.keys(number) + cell)
    grapheion_store_row(state.cache.kind, config.keyWidth, value, state.cache.values(number) + cell)
  }

  /// What follows attention. Products stand one after the other in the order of `tokens`, and go to the tokens' own places.
  private func feed(_ tokens: [Int], _ number: Int, _ team: Team, _ member: Int) {
    let layer = weights.layers[number]
    let count = tokens.count
    team.share(count) { place in
      round(tokens[place], from: state.attended, width: config.queryWidth, [layer.output], at: place)
    }
    product([(layer.output, state.ups)], count, team, member)
    team.share(count) { place in
      let token = tokens[place]
      (state.added + token * config.width).update(from: state.ups + place * config.width, count: config.width)
      add(token, layer.outputBias)
      norm(token, layer.forwardNorm)
      round(token, from: state.normed, width: config.width, [layer.gate, layer.up], at: place)
    }
    product([(layer.gate, state.gates), (layer.up, state.ups)], count, team, member)
    team.share(count) { place in
      let (gate, up) = (state.gates + place * config.hidden, state.ups + place * config.hidden)
      if !layer.gateBias.isEmpty { grapheion_add(config.hidden, layer.gateBias, gate) }
      if !layer.upBias.isEmpty { grapheion_add(config.hidden, layer.upBias, up) }
      grapheion_gate(config.hidden, gate, up)
      round(place, from: state.ups, width: config.hidden, [layer.down], at: place)
    }
    product([(layer.down, state.gates)], count, team, member)
    team.share(count) { place in
      (state.added + tokens[place] * config.width).update(
        from: state.gates + place * config.width, count: config.width)
    }
  }
}
