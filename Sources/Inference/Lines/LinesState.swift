import CKernels

/// What one forward pass over an image leaves behind; used again for the next.
///
/// Maps are held row by row, [y][x][channel]. To train, every convolution keeps its own activations for the way back.
public final class LinesState {
  public let layout: LinesLayout
  public let keepsAll: Bool

  /// A convolution's maps: before the norm, after it (where the convolution is residual and all is kept), and as it leaves.
  package final class Step {
    package let shape: LinesLayout.Convolution
    package let before = FloatBuffer()
    package let normal: FloatBuffer
    package let out: FloatBuffer
    package let mean = FloatBuffer()
    package let scale = FloatBuffer()
    /// Sides of the input.
    package fileprivate(set) var width = 0
    package fileprivate(set) var height = 0
    package var positions: Int { width / shape.stride * (height / shape.stride) }

    fileprivate init(_ shape: LinesLayout.Convolution, keepsAll: Bool) {
      self.shape = shape
      normal = keepsAll ? FloatBuffer() : before
      out = keepsAll && shape.isResidual ? FloatBuffer() : normal
    }

    fileprivate func reserve(_ width: Int, _ height: Int) {
      (self.width, self.height) = (width, height)
      for buffer in [before, normal, out] { buffer.reserve(positions * shape.channels) }
      mean.reserve(positions)
      scale.reserve(positions)
    }
  }

  package let down: [[Step]]
  package let up: [Step]
  /// What enters each convolution on the way up: the level's own map and the one from below. The former's own buffer unless all is kept.
  package let merged: [FloatBuffer]
  /// The level below in this level's channels, before it is enlarged.
  private let lateral = FloatBuffer()
  /// [place][output]: logits, see `LinesConfig.Output`.
  public let result = FloatBuffer()

  private let windows = FloatBuffer()
  private let scratch: FloatBuffer

  public init(_ layout: LinesLayout, keepsAll: Bool) {
    self.layout = layout
    self.keepsAll = keepsAll
    let down = layout.down.map { $0.map { Step($0, keepsAll: keepsAll) } }
    self.down = down
    up = layout.up.map { Step($0, keepsAll: keepsAll) }
    merged = layout.up.indices.map { keepsAll ? FloatBuffer() : down[$0][down[$0].count - 1].out }
    scratch = FloatBuffer(capacity: ReaderKernels.scratch(layout.widestProduct))
  }

  /// The map that leaves a level on the way up.
  package func last(_ level: Int) -> Step { level < up.count ? up[level] : down[level][down[level].count - 1] }

  /// The forward pass: an image [y][x][input] to `result`.
  ///
  /// - Parameters:
  ///   - weights: the parameters, placed as the layout says.
  ///   - packed: their matrices in shorter numbers, to be used instead.
  /// - Precondition: sides are multiples of `config.multiple`.
  public func forward(
    _ image: UnsafePointer<Float>, width: Int, height: Int, weights w: UnsafePointer<Float>,
    packed: PackedWeights? = nil
  ) {
    precondition(width % layout.config.multiple == 0 && height % layout.config.multiple == 0)
    let matrices = NetworkMatrices(floats: w, packed: packed, scratch: scratch)
    var input = image
    var (columns, rows) = (width, height)
    for level in down {
      for step in level {
        step.reserve(columns, rows)
        convolve(step, input, matrices)
        (columns, rows) = (columns / step.shape.stride, rows / step.shape.stride)
        input = UnsafePointer(step.out.pointer)
      }
    }
    for level in up.indices.reversed() {
      let (below, own) = (last(level + 1), down[level][down[level].count - 1])
      let channels = layout.config.channels[level]
      lateral.reserve(below.positions * channels)
      matrices.product(
        below.positions, channels, layout.config.channels[level + 1], below.out.pointer,
        layout.lateral[level].weight, lateral.pointer)
      grapheion_add_bias(below.positions, channels, w + layout.lateral[level].bias, lateral.pointer)
      let map = merged[level]
      if map !== own.out {
        map.reserve(own.positions * channels)
        map.pointer.update(from: own.out.pointer, count: own.positions * channels)
      }
      let (wide, high) = (width >> (level + 1), height >> (level + 1))
      grapheion_enlarge_add(high, wide, channels, lateral.pointer, map.pointer)
      up[level].reserve(wide, high)
      convolve(up[level], map.pointer, matrices)
    }
    let top = last(0)
    let outputs = LinesConfig.Output.allCases.count
    result.reserve(top.positions * outputs)
    matrices.product(
      top.positions, outputs, top.shape.channels, top.out.pointer, layout.head.weight, result.pointer)
    grapheion_add_bias(top.positions, outputs, w + layout.head.bias, result.pointer)
  }

  /// Output rows gathered at a time: some 240 windows stay in the second-level cache.
  package static func chunk(_ step: Step) -> Int { max(1, 240 / (step.width / step.shape.stride)) }

  package static func window(_ step: Step) -> grapheion_window {
    grapheion_window(
      height: step.width, channels: step.shape.inputChannels, size: step.shape.size, stride_x: step.shape.stride,
      stride_y: step.shape.stride)
  }

  private func convolve(_ step: Step, _ input: UnsafePointer<Float>, _ matrices: NetworkMatrices) {
    let (c, w) = (step.shape, matrices.floats)
    let (columns, rows) = (step.width / c.stride, step.height / c.stride)
    let chunk = Self.chunk(step)
    windows.reserve(chunk * columns * c.depth)
    var window = Self.window(step)
    for from in stride(from: 0, to: rows, by: chunk) {
      let count = min(chunk, rows - from)
      let (place, positions) = (from * columns, count * columns)
      grapheion_gather(&window, input, step.height, from, from + count, windows.pointer)
      matrices.product(
        positions, c.channels, c.depth, windows.pointer, c.weight, step.before.pointer + place * c.channels)
      let range = place * c.channels
      grapheion_layer_norm(
        positions, c.channels, step.before.pointer + range, w + c.norm.gain, w + c.norm.bias, 1,
        step.normal.pointer + range, step.mean.pointer + place, step.scale.pointer + place)
      guard c.isResidual else { continue }
      if step.out !== step.normal {
        (step.out.pointer + range).update(from: step.normal.pointer + range, count: positions * c.channels)
      }
      grapheion_add(positions * c.channels, input + range, step.out.pointer + range)
    }
  }
}
