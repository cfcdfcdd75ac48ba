import CKernels
import Inference

/// The backward pass of the line network: from the gradient at its result to that of every parameter.
///
/// Mirrors `LinesState.forward` step by step, from the last to the first. Buffers are kept from image to image.
final class LinesGradients {
  let layout: LinesLayout
  /// The sum of gradients since `clear`, placed like the parameters.
  let sum: FloatBuffer
  /// Gradient at the result, [place][output]: filled by the loss before `backward`.
  let result = FloatBuffer()

  /// Of what leaves each level on the way down, and of the map in hand.
  private let levels: [FloatBuffer]
  private let map = FloatBuffer()
  private let other = FloatBuffer()
  private let small = FloatBuffer()
  private let windows = FloatBuffer()
  private let scratch: FloatBuffer

  init(_ layout: LinesLayout) {
    self.layout = layout
    sum = FloatBuffer(capacity: layout.count)
    levels = layout.down.map { _ in FloatBuffer() }
    scratch = FloatBuffer(capacity: ReaderKernels.scratch(layout.widestProduct))
  }

  func clear() { sum.pointer.update(repeating: 0, count: layout.count) }

  /// Adds the gradients of one image to `sum`.
  ///
  /// - Parameter packed: the matrices transposed, in bfloat16, to be used for the gradients of inputs.
  /// - Precondition: `state` keeps all activations and holds those of `image` under the same weights.
  func backward(
    _ image: UnsafePointer<Float>, _ state: LinesState, weights w: UnsafePointer<Float>, packed: PackedWeights? = nil
  ) {
    precondition(state.keepsAll)
    let matrices = NetworkMatrices(floats: w, packed: packed, scratch: scratch)
    let channels = layout.config.channels
    let top = state.last(0)
    let outputs = LinesConfig.Output.allCases.count
    grapheion_sum_rows(top.positions, outputs, result.pointer, sum.pointer + layout.head.bias)
    matrices.weightGradient(
      top.positions, outputs, channels[0], top.out.pointer, result.pointer, sum.pointer + layout.head.weight)
    map.reserve(top.positions * channels[0])
    matrices.inputGradient(
      top.positions, outputs, channels[0], result.pointer, layout.head.weight, map.pointer)

    // Up, from the first level to the last: `map` holds the gradient of what leaves the level.
    for level in state.up.indices {
      let step = state.up[level]
      let below = state.last(level + 1)
      stepBackward(step, state.merged[level].pointer, matrices)
      levels[level].reserve(step.positions * channels[level])
      levels[level].pointer.update(from: map.pointer, count: step.positions * channels[level])
      small.reserve(below.positions * channels[level])
      grapheion_enlarge_add_backward(step.height, step.width, channels[level], map.pointer, small.pointer)
      let linear = layout.lateral[level]
      grapheion_sum_rows(below.positions, channels[level], small.pointer, sum.pointer + linear.bias)
      matrices.weightGradient(
        below.positions, channels[level], channels[level + 1], below.out.pointer, small.pointer,
        sum.pointer + linear.weight)
      map.reserve(below.positions * channels[level + 1])
      matrices.inputGradient(
        below.positions, channels[level], channels[level + 1], small.pointer, linear.weight, map.pointer)
    }
    // Down, from the last level to the first.
    for level in state.down.indices.reversed() {
      let steps = state.down[level]
      let count = steps[0].positions * channels[level]
      if level < state.up.count { grapheion_add(count, levels[level].pointer, map.pointer) }
      for (index, step) in steps.enumerated().reversed() {
        let input =
          index > 0
          ? UnsafePointer(steps[index - 1].out.pointer)
          : level > 0 ? UnsafePointer(state.down[level - 1][state.down[level - 1].count - 1].out.pointer) : image
        stepBackward(step, input, matrices, isFirst: level == 0 && index == 0)
      }
    }
  }

  /// `map` turns from the gradient of what leaves a convolution into that of what enters it.
  private func stepBackward(
    _ step: LinesState.Step, _ input: UnsafePointer<Float>, _ matrices: NetworkMatrices, isFirst: Bool = false
  ) {
    let (c, w, g) = (step.shape, matrices.floats, sum.pointer)
    let inputs = step.width * step.height * c.inputChannels
    other.reserve(max(inputs, step.positions * c.channels))
    // What goes round the convolution.
    let dx = other.pointer
    if c.isResidual {
      dx.update(from: map.pointer, count: inputs)
    } else if !isFirst {
      dx.update(repeating: 0, count: inputs)
    }
    grapheion_layer_norm_backward(
      step.positions, c.channels, step.before.pointer, w + c.norm.gain, step.normal.pointer, step.mean.pointer,
      step.scale.pointer, map.pointer, map.pointer, g + c.norm.gain, g + c.norm.bias)
    let (columns, rows) = (step.width / c.stride, step.height / c.stride)
    let chunk = LinesState.chunk(step)
    windows.reserve(chunk * columns * c.depth)
    var window = LinesState.window(step)
    for from in stride(from: 0, to: rows, by: chunk) {
      let count = min(chunk, rows - from)
      let positions = count * columns
      let dy = UnsafePointer(map.pointer + from * columns * c.channels)
      grapheion_gather(&window, input, step.height, from, from + count, windows.pointer)
      matrices.weightGradient(positions, c.channels, c.depth, windows.pointer, dy, g + c.weight)
      guard !isFirst else { continue }
      matrices.inputGradient(positions, c.channels, c.depth, dy, c.weight, windows.pointer)
      grapheion_scatter(&window, windows.pointer, step.height, from, from + count, dx)
    }
    guard !isFirst else { return }
    map.reserve(inputs)
    map.pointer.update(from: dx, count: inputs)
  }
}
