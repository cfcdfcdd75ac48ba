/// A block of floats outside Swift's arrays, so that the kernels get at it without ceremony.
///
/// Grows when asked, never shrinks; contents are undefined after growing. Not for sharing between
/// threads at the same time.
public final class FloatBuffer {
  public private(set) var pointer: UnsafeMutablePointer<Float>
  public private(set) var capacity: Int

  public init(capacity: Int = 0) {
    self.capacity = max(capacity, 16)
    pointer = Self.allocate(self.capacity)
  }

  deinit { pointer.deallocate() }

  public func reserve(_ count: Int) {
    guard count > capacity else { return }
    pointer.deallocate()
    capacity = count + count / 4
    pointer = Self.allocate(capacity)
  }

  /// On a cache line's beginning: tiles that are stored across two lines take twice as long.
  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    let floats = UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
    floats.initialize(repeating: 0, count: count)
    return floats
  }
}

/// A ragged batch of strips: the columns of all lines one after the other, each line padded with
/// ground to whole frames. Lines never see each other, so a line reads the same in any batch.
public struct LineBatch: Sendable {
  /// [column][row], darkness of ink 0 ... 1.
  public private(set) var columns: [Float] = []
  public let height: Int
  /// First frame of each line, and the end of the last.
  public private(set) var frameStarts: [Int] = [0]

  public init(height: Int) { self.height = height }

  public var lines: Int { frameStarts.count - 1 }
  public var frames: Int { frameStarts[lines] }
  public func frames(of line: Int) -> Range<Int> { frameStarts[line]..<frameStarts[line + 1] }

  /// Adds a strip given as rows: `pixels[y * width + x]`. A strip of no width becomes one empty frame.
  ///
  /// - Precondition: `pixels.count == width * height`.
  public mutating func append(pixels: [Float], width: Int) {
    precondition(pixels.count == width * height && width >= 0)
    let frames = max(1, (width + ReaderConfig.pixelsPerFrame - 1) / ReaderConfig.pixelsPerFrame)
    let start = columns.count
    columns.append(contentsOf: repeatElement(0, count: frames * ReaderConfig.pixelsPerFrame * height))
    columns.withUnsafeMutableBufferPointer { to in
      pixels.withUnsafeBufferPointer { from in
        for y in 0..<height {
          for x in 0..<width { to[start + x * height + y] = from[y * width + x] }
        }
      }
    }
    frameStarts.append(self.frames + frames)
  }
}

/// What one forward pass leaves behind: allocated once for the largest batch, used again.
///
/// To train, every block keeps its own activations for the way back; to read, all blocks share one set.
/// Shapes are given for `W` columns in all lines together and `T = W / 4` frames.
public final class ReaderState {
  public let config: ReaderConfig
  public let keepsAll: Bool

  /// [W / 2][height / 2][stem 0], rectified.
  public let first = FloatBuffer()
  /// [T][height / 4][stem 1] and [T][height / 8][stem 2], before the norm.
  public let secondIn = FloatBuffer()
  public let thirdIn = FloatBuffer()
  public let secondStatistics = Statistics()
  public let thirdStatistics = Statistics()
  /// What stands after norm and rectifier, and after each residual block.
  public let second: Chain
  public let third: Chain
  /// Along the line: from the joined frames to the head.
  public let frames: Chain
  public let headNormal = FloatBuffer()
  public let headStatistics = Statistics()
  /// [T][classes].
  public let logProbabilities = FloatBuffer()

  /// Gathered windows of the stem, and panels of the matrix product.
  public let windows = FloatBuffer()
  public let scratch: FloatBuffer

  /// Mean and 1 / standard deviation by position, for the way back.
  public final class Statistics {
    public let mean = FloatBuffer()
    public let scale = FloatBuffer()
    func reserve(_ count: Int) {
      mean.reserve(count)
      scale.reserve(count)
    }
  }

  public final class Block {
    /// After the depthwise convolution, and after the norm: [T][rows][channels].
    public let mixed = FloatBuffer()
    public let normal = FloatBuffer()
    public let statistics = Statistics()
    /// [T][rows][expansion], rectified.
    public let expanded = FloatBuffer()
  }

  /// A row of residual blocks on maps of one shape.
  public final class Chain {
    public let shape: ReaderConfig.Residual
    /// As they enter each block, and as they leave the last: [T][rows][channels].
    public let maps: [FloatBuffer]
    public let blocks: [Block]
    public var last: FloatBuffer { maps[blocks.count] }

    init(_ residual: (count: Int, shape: ReaderConfig.Residual), keepsAll: Bool) {
      shape = residual.shape
      if keepsAll {
        maps = (0...residual.count).map { _ in FloatBuffer() }
        blocks = (0..<residual.count).map { _ in Block() }
      } else {
        maps = [FloatBuffer](repeating: FloatBuffer(), count: residual.count + 1)
        blocks = [Block](repeating: Block(), count: residual.count)
      }
    }

    func reserve(frameCount t: Int) {
      let positions = t * shape.rows
      for map in maps { map.reserve(positions * shape.channels) }
      for block in blocks {
        block.mixed.reserve(positions * shape.channels)
        block.normal.reserve(positions * shape.channels)
        block.statistics.reserve(positions)
        block.expanded.reserve(positions * shape.expansion)
      }
    }
  }

  public init(_ config: ReaderConfig, keepsAll: Bool) {
    self.config = config
    self.keepsAll = keepsAll
    let residuals = config.residuals
    second = Chain(residuals[0], keepsAll: keepsAll)
    third = Chain(residuals[1], keepsAll: keepsAll)
    frames = Chain(residuals[2], keepsAll: keepsAll)
    let widest = config.widestProduct
    scratch = FloatBuffer(capacity: ReaderKernels.scratch(widest))
  }

  func reserve(frameCount t: Int) {
    let c = config.convolutions
    first.reserve(2 * t * c[0].outputHeight * c[0].channels)
    secondIn.reserve(t * c[1].outputHeight * c[1].channels)
    thirdIn.reserve(t * c[2].outputHeight * c[2].channels)
    secondStatistics.reserve(t * c[1].outputHeight)
    thirdStatistics.reserve(t * c[2].outputHeight)
    for chain in [second, third, frames] { chain.reserve(frameCount: t) }
    headNormal.reserve(t * config.width)
    headStatistics.reserve(t)
    logProbabilities.reserve(t * config.classes)
    windows.reserve(c.map { ReaderKernels.chunk($0) * $0.outputHeight * $0.depth }.max() ?? 0)
  }
}
