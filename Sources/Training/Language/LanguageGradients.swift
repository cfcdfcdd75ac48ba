import CKernels
import Inference

/// The backward pass of a decoder: from the gradient at the logits to that of every parameter. Mirrors `LanguageState.forward`, from the last
/// step to the first.
final class LanguageGradients {
  let layout: LanguageLayout
  /// The sum of gradients since `clear`, placed like the parameters.
  let sum: FloatBuffer

  /// Of the stream, and of what is in hand.
  private let stream = FloatBuffer()
  private let normed = FloatBuffer()
  private let part = FloatBuffer()
  private let queries = FloatBuffer()
  private let keys = FloatBuffer()
  private let values = FloatBuffer()
  private let shares = FloatBuffer()
  private let gated = FloatBuffer()
  private let gates = FloatBuffer()
  private let ups = FloatBuffer()
  private let scratch: FloatBuffer

  init(_ layout: LanguageLayout) {
    self.layout = layout
    sum = FloatBuffer(capacity: layout.count)
    scratch = FloatBuffer(capacity: ReaderKernels.scratch(LanguageState.widest(layout.config)))
  }

  func clear() { sum.pointer.update(repeating: 0, count: layout.count) }

  /// Adds the gradients of one sequence to `sum`.
  ///
  /// - Parameter packed: the matrices transposed, in bfloat16.
  /// - Precondition: `state.logits` holds the gradient at the logits, the rest what `tokens` gave under the same weights.
  func backward(
    _ tokens: ArraySlice<UInt8>, _ state: LanguageState, weights w: UnsafePointer<Float>, packed: PackedWeights? = nil
  ) {
    let config = layout.config
    let matrices = NetworkMatrices(floats: w, packed: packed, scratch: scratch)
    let (t, width, hidden) = (state.count, config.width, config.hidden)
    let g = sum.pointer
    for buffer in [stream, normed, part] { buffer.reserve(t * width) }
    for buffer in [gated, gates, ups] { buffer.reserve(t * hidden) }

    /// Back through a matrix: its gradient, and that of what it was multiplied with.
    func back(
      _ x: FloatBuffer, _ k: Int, _ weight: Int, _ n: Int, _ dy: FloatBuffer, _ dx: FloatBuffer, adds: Bool = false
    ) {
      matrices.weightGradient(t, n, k, x.pointer, dy.pointer, g + weight)
      guard adds else { return matrices.inputGradient(t, n, k, dy.pointer, weight, dx.pointer) }
      matrices.inputGradient(t, n, k, dy.pointer, weight, part.pointer)
      grapheion_add(t * k, part.pointer, dx.pointer)
    }
    func backNorm(_ x: FloatBuffer, _ gain: Int) {
      grapheion_rms_norm_backward(
        t, width, x.pointer, w + gain, config.epsilon, normed.pointer, stream.pointer, g + gain)
    }

    stream.pointer.update(repeating: 0, count: t * width)
    back(state.lastNormed, width, layout.output, config.vocabulary, state.logits, normed)
    backNorm(state.last, layout.norm)
    for (number, layer) in state.layers.enumerated().reversed() {
      let place = layout.layers[number]
      back(layer.gated, hidden, place.down, width, stream, gated)
      grapheion_gated_backward(
        t * hidden, layer.gates.pointer, layer.ups.pointer, gated.pointer, gates.pointer, ups.pointer)
      back(layer.middleNormed, width, place.gate, hidden, gates, normed)
      back(layer.middleNormed, width, place.up, hidden, ups, normed, adds: true)
      backNorm(layer.middle, place.forwardNorm)
      gated.reserve(t * config.queryWidth)
      back(layer.attended, config.queryWidth, place.output, width, stream, gated)
      attendBack(layer, state, matrices, gated)
      back(layer.normed, width, place.query, config.queryWidth, queries, normed)
      back(layer.normed, width, place.key, config.keyWidth, keys, normed, adds: true)
      back(layer.normed, width, place.value, config.keyWidth, values, normed, adds: true)
      backNorm(layer.entered, place.attentionNorm)
    }
    for (place, token) in tokens.enumerated() {
      grapheion_add(width, stream.pointer + place * width, g + layout.embedding + Int(token) * width)
    }
  }

  /// From the gradient at what attention gave to those of queries, keys and values before they were turned.
  private func attendBack(
    _ layer: LanguageState.Layer, _ state: LanguageState, _ matrices: NetworkMatrices, _ attended: FloatBuffer
  ) {
    typealias Factor = NetworkMatrices.Factor
    let config = layout.config
    let (t, size, queryWidth, keyWidth) = (state.count, config.headSize, config.queryWidth, config.keyWidth)
    let scale = 1 / Float(size).squareRoot()
    queries.reserve(t * queryWidth)
    for buffer in [keys, values] {
      buffer.reserve(t * keyWidth)
      buffer.pointer.update(repeating: 0, count: t * keyWidth)
    }
    shares.reserve(LanguageState.block * t)
    for head in 0..<config.heads {
      let key = head / (config.heads / config.keyHeads) * size
      for from in stride(from: 0, to: t, by: LanguageState.block) {
        let some = min(LanguageState.block, t - from)
        let seen = from + some
        let rows = layer.shares.pointer + head * t * t + from * t
        let out = from * queryWidth + head * size
        let given = Factor(attended.pointer + out, pitch: queryWidth)
        matrices.product(
          seen, size, some, Factor(rows, pitch: t, isTurned: true), given, values.pointer + key, pitch: keyWidth,
          accumulate: true)
        let taken = Factor(layer.values.pointer + key, pitch: keyWidth, isTurned: true)
        matrices.product(some, seen, size, given, taken, shares.pointer, pitch: t)
        for row in 0..<some { grapheion_softmax_backward(seen, scale, rows + row * t, shares.pointer + row * t) }
        let found = Factor(layer.keys.pointer + key, pitch: keyWidth)
        matrices.product(
          some, size, seen, Factor(shares.pointer, pitch: t), found, queries.pointer + out, pitch: queryWidth)
        let asked = Factor(layer.queries.pointer + out, pitch: queryWidth)
        matrices.product(
          seen, size, some, Factor(shares.pointer, pitch: t, isTurned: true), asked, keys.pointer + key,
          pitch: keyWidth,
          accumulate: true)
      }
    }
    state.turn(queries.pointer, heads: config.heads, by: state.turnsBack)
    state.turn(keys.pointer, heads: config.keyHeads, by: state.turnsBack)
  }
}
