import CKernels
import Glibc
import Inference

/// A decoder at its lessons: one sequence forward, everything kept for the way back. Steps are those of `DecoderForward`.
final class LanguageState {
  struct Layer {
    /// [token][width]: what comes in, normed; what goes on to the second half, normed.
    let entered = FloatBuffer()
    let normed = FloatBuffer()
    let middle = FloatBuffer()
    let middleNormed = FloatBuffer()
    /// Turned by their places.
    let queries = FloatBuffer()
    let keys = FloatBuffer()
    let values = FloatBuffer()
    /// [head][token][token]: what each token takes from those before it; nothing behind it.
    let shares = FloatBuffer()
    let attended = FloatBuffer()
    /// [token][hidden].
    let gates = FloatBuffer()
    let ups = FloatBuffer()
    let gated = FloatBuffer()
  }

  let layout: LanguageLayout
  let layers: [Layer]
  /// What leaves the last layer, and normed.
  let last = FloatBuffer()
  let lastNormed = FloatBuffer()
  /// [token][vocabulary].
  let logits = FloatBuffer()
  private(set) var count = 0
  private let scratch: FloatBuffer
  /// Cosine and sine of each pair at each place, and with sines the other way about.
  let turns: [Float]
  let turnsBack: [Float]

  /// Tokens whose scores are worked out together: none behind the last of them is looked at.
  static let block = 64

  init(_ layout: LanguageLayout) {
    self.layout = layout
    layers = (0..<layout.config.layers).map { _ in Layer() }
    scratch = FloatBuffer(capacity: ReaderKernels.scratch(Self.widest(layout.config)))
    (turns, turnsBack) = Self.turns(layout.config)
  }

  /// Columns of the widest product.
  static func widest(_ config: LanguageConfig) -> Int {
    max(config.hidden, config.queryWidth, config.width, config.vocabulary, config.context)
  }

  private static func turns(_ config: LanguageConfig) -> (there: [Float], back: [Float]) {
    var (there, back): ([Float], [Float]) = ([], [])
    for place in 0..<config.context {
      for pair in 0..<config.headSize / 2 {
        let angle = Float(place) * powf(config.rotaryBase, -2 * Float(pair) / Float(config.headSize))
        there += [cosf(angle), sinf(angle)]
        back += [cosf(angle), -sinf(angle)]
      }
    }
    return (there, back)
  }

  /// Turns the heads of all tokens by their places, or back.
  func turn(_ x: UnsafeMutablePointer<Float>, heads: Int, by turns: [Float]) {
    let size = layout.config.headSize
    turns.withUnsafeBufferPointer { table in
      for token in 0..<count {
        grapheion_rotate(heads, size, size, table.baseAddress! + token * size, x + token * heads * size)
      }
    }
  }

  /// - Precondition: no more tokens than the context.
  func forward(_ tokens: ArraySlice<UInt8>, weights w: UnsafePointer<Float>, packed: PackedWeights? = nil) {
    let config = layout.config
    let matrices = NetworkMatrices(floats: w, packed: packed, scratch: scratch)
    let (t, width, hidden) = (tokens.count, config.width, config.hidden)
    precondition(t <= config.context)
    count = t
    var stream = layers.first?.entered ?? last
    stream.reserve(t * width)
    for (place, token) in tokens.enumerated() {
      (stream.pointer + place * width).update(from: w + layout.embedding + Int(token) * width, count: width)
    }
    for (number, layer) in layers.enumerated() {
      let place = layout.layers[number]
      norm(stream, w + place.attentionNorm, layer.normed)
      multiply(matrices, layer.normed, width, place.query, config.queryWidth, layer.queries)
      multiply(matrices, layer.normed, width, place.key, config.keyWidth, layer.keys)
      multiply(matrices, layer.normed, width, place.value, config.keyWidth, layer.values)
      turn(layer.queries.pointer, heads: config.heads, by: turns)
      turn(layer.keys.pointer, heads: config.keyHeads, by: turns)
      attend(layer, matrices)
      layer.middle.reserve(t * width)
      layer.middle.pointer.update(from: stream.pointer, count: t * width)
      matrices.product(
        t, width, config.queryWidth, layer.attended.pointer, place.output, layer.middle.pointer, accumulate: true)
      norm(layer.middle, w + place.forwardNorm, layer.middleNormed)
      multiply(matrices, layer.middleNormed, width, place.gate, hidden, layer.gates)
      multiply(matrices, layer.middleNormed, width, place.up, hidden, layer.ups)
      layer.gated.reserve(t * hidden)
      grapheion_gated(t * hidden, layer.gates.pointer, layer.ups.pointer, layer.gated.pointer)
      let next = number + 1 < layers.count ? layers[number + 1].entered : last
      next.reserve(t * width)
      next.pointer.update(from: layer.middle.pointer, count: t * width)
      matrices.product(t, width, hidden, layer.gated.pointer, place.down, next.pointer, accumulate: true)
      stream = next
    }
    norm(last, w + layout.norm, lastNormed)
    multiply(matrices, lastNormed, width, layout.output, config.vocabulary, logits)
  }

  private func norm(_ from: FloatBuffer, _ gain: UnsafePointer<Float>, _ to: FloatBuffer) {
    to.reserve(count * layout.config.width)
    grapheion_rms_norm(count, layout.config.width, from.pointer, gain, layout.config.epsilon, to.pointer)
  }

  private func multiply(
    _ matrices: NetworkMatrices, _ from: FloatBuffer, _ k: Int, _ weight: Int, _ n: Int, _ to: FloatBuffer
  ) {
    to.reserve(count * n)
    matrices.product(count, n, k, from.pointer, weight, to.pointer)
  }

  private func attend(_ layer: Layer, _ matrices: NetworkMatrices) {
    let config = layout.config
    let (size, queryWidth, keyWidth) = (config.headSize, config.queryWidth, config.keyWidth)
    let scale = 1 / Float(size).squareRoot()
    layer.shares.reserve(config.heads * count * count)
    layer.attended.reserve(count * queryWidth)
    for head in 0..<config.heads {
      let key = head / (config.heads / config.keyHeads) * size
      let keys = NetworkMatrices.Factor(layer.keys.pointer + key, pitch: keyWidth, isTurned: true)
      let values = NetworkMatrices.Factor(layer.values.pointer + key, pitch: keyWidth)
      let shares = layer.shares.pointer + head * count * count
      for from in stride(from: 0, to: count, by: Self.block) {
        let some = min(Self.block, count - from)
        let seen = from + some
        let rows = shares + from * count
        let asked = NetworkMatrices.Factor(
          layer.queries.pointer + from * queryWidth + head * size, pitch: queryWidth)
        matrices.product(some, seen, size, asked, keys, rows, pitch: count)
        for row in 0..<some {
          let own = from + row + 1
          grapheion_softmax(own, scale, rows + row * count)
          (rows + row * count + own).update(repeating: 0, count: seen - own)
        }
        matrices.product(
          some, size, seen, NetworkMatrices.Factor(rows, pitch: count), values,
          layer.attended.pointer + from * queryWidth + head * size, pitch: queryWidth)
      }
    }
  }
}
