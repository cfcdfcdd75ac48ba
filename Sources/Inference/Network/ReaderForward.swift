import CKernels
import Platform

/// The steps of the network in terms of the kernels; shared by reading and training.
public enum ReaderKernels {
  /// Floats of scratch for products with up to `columns` columns.
  public static func scratch(_ columns: Int) -> Int {
    max(
      Int(grapheion_sgemm_scratch(columns)), Int(grapheion_halves_scratch(columns)),
      Int(grapheion_wholes_scratch(columns)))
  }

  /// Operations a second that the register tile reaches on cached data: what one core can do at most.
  ///
  /// - Parameter form: of the numbers multiplied; nil for floats.
  public static func peak(_ form: PackedWeights.Form?) -> Double {
    let panels = FloatBuffer(capacity: scratch(64))
    let work = { (rounds: Int) in
      switch form {
      case .halves: grapheion_halves_peak_work(rounds, panels.pointer)
      case .wholes: grapheion_wholes_peak_work(rounds, panels.pointer)
      case nil: grapheion_peak_work(rounds, panels.pointer)
      }
    }
    _ = work(500)
    var best = 0.0
    for _ in 0..<3 {
      let start = Clock.monotonic()
      let done = work(4000)
      best = max(best, done / (Clock.monotonic() - start))
    }
    return best
  }

  /// Output columns gathered at a time: some 240 rows of windows stay in the second-level cache.
  package static func chunk(_ c: ReaderConfig.Convolution) -> Int { max(1, 240 / c.outputHeight) }

  /// Positions of a residual block computed at a time: whole blocks of rows of the matrix product.
  package static func chunk(_ shape: ReaderConfig.Residual) -> Int {
    168 * max(1, 120_000 / (168 * (shape.channels + shape.expansion)))
  }

  package static func depthwise(_ shape: ReaderConfig.Residual) -> grapheion_depthwise_shape {
    grapheion_depthwise_shape(
      height: shape.rows, channels: shape.channels, size_x: shape.tapsX, size_y: shape.tapsY)
  }

  package static func window(_ c: ReaderConfig.Convolution) -> grapheion_window {
    grapheion_window(
      height: c.inputHeight, channels: c.inputChannels, size: c.size, stride_x: c.strideX, stride_y: c.strideY)
  }
}

/// Some of a layer's numbers left out, anew for each batch, so that none relies on another (Srivastava et al. 2014). For training only.
public struct Dropout: Hashable, Sendable {
  /// The share left out.
  public var share: Double
  public var seed: UInt32

  public init(share: Double, seed: UInt32) { (self.share, self.seed) = (share, seed) }

  /// What is left is made as much larger.
  package var scale: Float { Float(1 / (1 - share)) }

  /// - Parameter place: how many numbers of the layer stand before these.
  func apply(_ layer: Int, _ count: Int, _ x: UnsafeMutablePointer<Float>, place: Int = 0) {
    grapheion_drop(
      count, place, seed &+ UInt32(layer) &* 0x632B_E5AB, UInt32(share * 4_294_967_295), scale, x)
  }
}

extension ReaderState {
  /// The forward pass: strips to log probabilities by frame and class, in `logProbabilities`.
  ///
  /// - Parameters:
  ///   - weights: the parameters, placed as `layout` says.
  ///   - packed: their matrices in shorter numbers, to be used instead.
  ///   - dropout: of the stem's result and of what stands inside the blocks.
  public func forward(
    _ batch: LineBatch, layout: ReaderLayout, weights w: UnsafePointer<Float>, packed: PackedWeights? = nil,
    dropout: Dropout? = nil
  ) {
    let t = batch.frames
    let matrices = NetworkMatrices(floats: w, packed: packed, scratch: scratch)
    let width = config.width
    let c = config.convolutions
    reserve(frameCount: t)

    // Stem: [W][48] -> [T][12][64] -> [T][6][96], then each frame joined into one vector.
    batch.columns.withUnsafeBufferPointer { input in
      convolve(c[0], batch.frameStarts, inputScale: 4, input.baseAddress!, matrices, layout.first.weight, first.pointer)
    }
    grapheion_add_bias_rectify(2 * t * c[0].outputHeight, c[0].channels, w + layout.first.bias, first.pointer)
    convolve(
      c[1], batch.frameStarts, inputScale: 2, first.pointer, matrices, layout.second.weight, secondIn.pointer)
    normalise(
      t * c[1].outputHeight, c[1].channels, secondIn, w, layout.second.norm, rectify: true, second.maps[0],
      secondStatistics)
    run(second, layout.second.blocks, batch, matrices)
    convolve(
      c[2], batch.frameStarts, inputScale: 1, second.last.pointer, matrices, layout.third.weight, thirdIn.pointer)
    normalise(
      t * c[2].outputHeight, c[2].channels, thirdIn, w, layout.third.norm, rectify: true, third.maps[0],
      thirdStatistics)
    dropout?.apply(config.blocks, t * config.joined, third.maps[0].pointer)
    run(third, layout.third.blocks, batch, matrices)
    matrices.product(t, width, config.joined, third.last.pointer, layout.join.weight, frames.maps[0].pointer)
    grapheion_add_bias(t, width, w + layout.join.bias, frames.maps[0].pointer)

    run(frames, layout.blocks, batch, matrices, dropout)

    // Head.
    normalise(t, width, frames.last, w, layout.headNorm, rectify: false, headNormal, headStatistics)
    matrices.product(t, config.classes, width, headNormal.pointer, layout.head.weight, logProbabilities.pointer)
    grapheion_add_bias(t, config.classes, w + layout.head.bias, logProbabilities.pointer)
    grapheion_log_softmax(t, config.classes, logProbabilities.pointer)
  }

  /// Residual blocks: x + project(rectify(expand(norm(depthwise(x))))).
  private func run(
    _ chain: Chain, _ places: [ReaderLayout.Block], _ batch: LineBatch, _ matrices: NetworkMatrices,
    _ dropout: Dropout? = nil
  ) {
    let (w, shape) = (matrices.floats, chain.shape)
    let positions = batch.frames * shape.rows
    for (i, place) in places.enumerated() {
      let (x, block, out) = (chain.maps[i], chain.blocks[i], chain.maps[i + 1])
      batch.frameStarts.withUnsafeBufferPointer { starts in
        var depthwise = ReaderKernels.depthwise(shape)
        grapheion_depthwise(
          &depthwise, batch.lines, starts.baseAddress!, x.pointer, w + place.depthwise.weight,
          w + place.depthwise.bias, block.mixed.pointer)
      }
      if out !== x { out.pointer.update(from: x.pointer, count: positions * shape.channels) }
      // Some hundred positions at a time, so that what stands between norm and projection stays in the second-level cache.
      let chunk = ReaderKernels.chunk(shape)
      for from in stride(from: 0, to: positions, by: chunk) {
        let count = min(chunk, positions - from)
        let (narrow, wide) = (from * shape.channels, from * shape.expansion)
        let normal = block.normal.pointer + (keepsAll ? narrow : 0)
        let expanded = block.expanded.pointer + (keepsAll ? wide : 0)
        grapheion_layer_norm(
          count, shape.channels, block.mixed.pointer + narrow, w + place.norm.gain, w + place.norm.bias, 0, normal,
          block.statistics.mean.pointer + from, block.statistics.scale.pointer + from)
        matrices.product(count, shape.expansion, shape.channels, normal, place.expand.weight, expanded)
        grapheion_add_bias_rectify(count, shape.expansion, w + place.expand.bias, expanded)
        dropout?.apply(i, count * shape.expansion, expanded, place: wide)
        matrices.product(
          count, shape.channels, shape.expansion, expanded, place.project.weight, out.pointer + narrow,
          accumulate: true)
        grapheion_add_bias(count, shape.channels, w + place.project.bias, out.pointer + narrow)
      }
    }
  }

  /// A convolution of the stem, line by line and chunk by chunk. `inputScale` is input columns a frame.
  private func convolve(
    _ c: ReaderConfig.Convolution, _ frameStarts: [Int], inputScale: Int, _ input: UnsafePointer<Float>,
    _ matrices: NetworkMatrices, _ weight: Int, _ output: UnsafeMutablePointer<Float>
  ) {
    Self.forEachChunk(c, frameStarts, inputScale: inputScale) { line, columns, range, place in
      var window = ReaderKernels.window(c)
      grapheion_gather(&window, input + line, columns, range.lowerBound, range.upperBound, windows.pointer)
      matrices.product(
        range.count * c.outputHeight, c.channels, c.depth, windows.pointer, weight,
        output + place * c.outputHeight * c.channels)
    }
  }

  /// Walks the output columns of a convolution: offset of the line's map, its columns, output columns within the
  /// line, and the place of the first of them in the whole batch.
  package static func forEachChunk(
    _ c: ReaderConfig.Convolution, _ frameStarts: [Int], inputScale: Int, _ body: (Int, Int, Range<Int>, Int) -> Void
  ) {
    let chunk = ReaderKernels.chunk(c)
    for line in 0..<frameStarts.count - 1 {
      let start = frameStarts[line] * inputScale
      let columns = frameStarts[line + 1] * inputScale - start
      let outputs = columns / c.strideX
      var from = 0
      while from < outputs {
        let to = min(outputs, from + chunk)
        body(start * c.inputHeight * c.inputChannels, columns, from..<to, start / c.strideX + from)
        from = to
      }
    }
  }

  private func normalise(
    _ rows: Int, _ channels: Int, _ input: FloatBuffer, _ w: UnsafePointer<Float>, _ norm: ReaderLayout.Norm,
    rectify: Bool, _ output: FloatBuffer, _ statistics: Statistics
  ) {
    grapheion_layer_norm(
      rows, channels, input.pointer, w + norm.gain, w + norm.bias, rectify ? 1 : 0, output.pointer,
      statistics.mean.pointer, statistics.scale.pointer)
  }
}
