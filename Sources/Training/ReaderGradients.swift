import CKernels
import Inference

/// The backward pass of the reader network: from the gradient at the logits to the gradient of every parameter.
///
/// Mirrors `ReaderState.forward` step by step, from the last to the first. Buffers are kept from batch to batch.
final class ReaderGradients {
  let layout: ReaderLayout
  /// The sum of gradients since `clear`, placed like the parameters.
  let sum: FloatBuffer
  /// Gradient at the logits, [frames][classes]: filled by the loss before `backward`.
  let logits = FloatBuffer()

  /// Gradients of the maps in hand.
  private let frames = FloatBuffer()
  private let expanded = FloatBuffer()
  private let normal = FloatBuffer()
  private let third = FloatBuffer()
  private let second = FloatBuffer()
  private let first = FloatBuffer()
  private let windows = FloatBuffer()
  private let scratch: FloatBuffer

  init(_ layout: ReaderLayout) {
    self.layout = layout
    sum = FloatBuffer(capacity: layout.count)
    scratch = FloatBuffer(capacity: ReaderKernels.scratch(layout.config.widestProduct))
  }

  func clear() { sum.pointer.update(repeating: 0, count: layout.count) }

  /// Adds the gradients of one batch to `sum`.
  ///
  /// - Parameters:
  ///   - packed: the matrices transposed, in bfloat16, to be used for the gradients of inputs.
  ///   - dropout: that of the forward pass. What was left out is nothing in `state`, as what the rectifiers cut off.
  /// - Precondition: `state` keeps all activations and holds those of `batch` under the same weights.
  func backward(
    _ batch: LineBatch, _ state: ReaderState, weights w: UnsafePointer<Float>, packed: PackedWeights? = nil,
    dropout: Dropout? = nil
  ) {
    precondition(state.keepsAll)
    let matrices = NetworkMatrices(floats: w, packed: packed, scratch: scratch)
    let config = layout.config
    let t = batch.frames
    let width = config.width
    let c = config.convolutions
    let g = sum.pointer
    frames.reserve(t * width)

    // Head.
    grapheion_sum_rows(t, config.classes, logits.pointer, g + layout.head.bias)
    matrices.weightGradient(t, config.classes, width, state.headNormal.pointer, logits.pointer, g + layout.head.weight)
    matrices.inputGradient(t, config.classes, width, logits.pointer, layout.head.weight, frames.pointer)
    normBackward(t, width, state.frames.last, nil, state.headStatistics, w, layout.headNorm, frames.pointer)
    residualBackward(state.frames, layout.blocks, batch, matrices, frames, dropout)

    // Stem.
    grapheion_sum_rows(t, width, frames.pointer, g + layout.join.bias)
    matrices.weightGradient(t, width, config.joined, state.third.last.pointer, frames.pointer, g + layout.join.weight)
    third.reserve(t * config.joined)
    matrices.inputGradient(t, width, config.joined, frames.pointer, layout.join.weight, third.pointer)
    residualBackward(state.third, layout.third.blocks, batch, matrices, third)
    if let dropout { grapheion_scale(t * config.joined, dropout.scale, third.pointer) }
    normBackward(
      t * c[2].outputHeight, c[2].channels, state.thirdIn, state.third.maps[0], state.thirdStatistics, w,
      layout.third.norm, third.pointer)
    second.reserve(t * c[1].outputHeight * c[1].channels)
    convolutionBackward(
      c[2], batch.frameStarts, inputScale: 1, input: state.second.last.pointer, matrices, layout.third.weight,
      gradient: third.pointer, weightGradient: g + layout.third.weight, inputGradient: second.pointer)
    residualBackward(state.second, layout.second.blocks, batch, matrices, second)
    normBackward(
      t * c[1].outputHeight, c[1].channels, state.secondIn, state.second.maps[0], state.secondStatistics, w,
      layout.second.norm, second.pointer)
    let firstCount = 2 * t * c[0].outputHeight * c[0].channels
    first.reserve(firstCount)
    convolutionBackward(
      c[1], batch.frameStarts, inputScale: 2, input: state.first.pointer, matrices, layout.second.weight,
      gradient: second.pointer, weightGradient: g + layout.second.weight, inputGradient: first.pointer)
    grapheion_rectify_backward(firstCount, state.first.pointer, first.pointer)
    grapheion_sum_rows(2 * t * c[0].outputHeight, c[0].channels, first.pointer, g + layout.first.bias)
    batch.columns.withUnsafeBufferPointer { input in
      convolutionBackward(
        c[0], batch.frameStarts, inputScale: 4, input: input.baseAddress!, matrices, layout.first.weight,
        gradient: first.pointer, weightGradient: g + layout.first.weight, inputGradient: nil)
    }
  }

  /// `maps` holds the gradient of what leaves the last block, then, with each branch added, that of what enters the first.
  private func residualBackward(
    _ chain: ReaderState.Chain, _ places: [ReaderLayout.Block], _ batch: LineBatch, _ matrices: NetworkMatrices,
    _ maps: FloatBuffer, _ dropout: Dropout? = nil
  ) {
    let (w, g, shape) = (matrices.floats, sum.pointer, chain.shape)
    let (channels, expansion) = (shape.channels, shape.expansion)
    let positions = batch.frames * shape.rows
    normal.reserve(positions * channels)
    expanded.reserve(positions * expansion)
    for (i, place) in places.enumerated().reversed() {
      let block = chain.blocks[i]
      grapheion_sum_rows(positions, channels, maps.pointer, g + place.project.bias)
      matrices.weightGradient(
        positions, channels, expansion, block.expanded.pointer, maps.pointer, g + place.project.weight)
      matrices.inputGradient(
        positions, channels, expansion, maps.pointer, place.project.weight, expanded.pointer)
      grapheion_rectify_backward(positions * expansion, block.expanded.pointer, expanded.pointer)
      if let dropout { grapheion_scale(positions * expansion, dropout.scale, expanded.pointer) }
      grapheion_sum_rows(positions, expansion, expanded.pointer, g + place.expand.bias)
      matrices.weightGradient(
        positions, expansion, channels, block.normal.pointer, expanded.pointer, g + place.expand.weight)
      matrices.inputGradient(
        positions, expansion, channels, expanded.pointer, place.expand.weight, normal.pointer)
      normBackward(positions, channels, block.mixed, nil, block.statistics, w, place.norm, normal.pointer)
      batch.frameStarts.withUnsafeBufferPointer { starts in
        var depthwise = ReaderKernels.depthwise(shape)
        grapheion_depthwise_backward(
          &depthwise, batch.lines, starts.baseAddress!, chain.maps[i].pointer, w + place.depthwise.weight,
          normal.pointer, maps.pointer, g + place.depthwise.weight, g + place.depthwise.bias)
      }
    }
  }

  /// In place: `d` turns from the gradient of the norm's result into that of its input.
  private func normBackward(
    _ rows: Int, _ channels: Int, _ input: FloatBuffer, _ rectified: FloatBuffer?,
    _ statistics: ReaderState.Statistics, _ w: UnsafePointer<Float>, _ norm: ReaderLayout.Norm,
    _ d: UnsafeMutablePointer<Float>
  ) {
    grapheion_layer_norm_backward(
      rows, channels, input.pointer, w + norm.gain, rectified.map { UnsafePointer($0.pointer) },
      statistics.mean.pointer, statistics.scale.pointer, d, d, sum.pointer + norm.gain, sum.pointer + norm.bias)
  }

  private func convolutionBackward(
    _ c: ReaderConfig.Convolution, _ frameStarts: [Int], inputScale: Int, input: UnsafePointer<Float>,
    _ matrices: NetworkMatrices, _ weight: Int, gradient: UnsafePointer<Float>,
    weightGradient dw: UnsafeMutablePointer<Float>,
    inputGradient dx: UnsafeMutablePointer<Float>?
  ) {
    windows.reserve(ReaderKernels.chunk(c) * c.outputHeight * c.depth)
    if let dx {
      let columns = frameStarts[frameStarts.count - 1] * inputScale
      dx.update(repeating: 0, count: columns * c.inputHeight * c.inputChannels)
    }
    ReaderState.forEachChunk(c, frameStarts, inputScale: inputScale) { line, columns, range, place in
      var window = ReaderKernels.window(c)
      let rows = range.count * c.outputHeight
      let dy = gradient + place * c.outputHeight * c.channels
      grapheion_gather(&window, input + line, columns, range.lowerBound, range.upperBound, windows.pointer)
      matrices.weightGradient(rows, c.channels, c.depth, windows.pointer, dy, dw)
      guard let dx else { return }
      matrices.inputGradient(rows, c.channels, c.depth, dy, weight, windows.pointer)
      grapheion_scatter(&window, windows.pointer, columns, range.lowerBound, range.upperBound, dx + line)
    }
  }
}
