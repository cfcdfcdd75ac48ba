import Text

/// The shape of the reader network: a convolutional stem, residual blocks along the line, a head.
///
/// A strip 48 rows high enters. Three convolutions bring it to a quarter of its width and an eighth
/// of its height; after the second and the third stand residual blocks in the manner of ConvNeXt (Liu
/// et al. 2022): depthwise convolution, layer norm, expansion, rectifier, projection, added to what came
/// in. A matrix joins what is left of each column into one vector, a *frame* of four pixels. More such
/// blocks follow, along the line only. The head gives one logit a class; class 0 is the blank of
/// connectionist temporal classification. Norms are by position, so training and reading compute the same.
public struct ReaderConfig: Hashable, Sendable {
  /// Rows of a strip; a multiple of 8.
  public var height = 48
  /// Channels after each of the three convolutions.
  public var stem = [32, 64, 96]
  /// Residual blocks after the second and the third convolution, and the side of the window they look through; odd.
  public var stemBlocks = [2, 2]
  public var stemTaps = 5
  /// Channels of a frame.
  public var width = 192
  /// Channels inside a block along the line.
  public var expansion = 576
  public var blocks = 6
  /// Frames that the depthwise convolution of a block sees; odd.
  public var taps = 9
  /// The letters, in the order of their classes, from class 1.
  public var alphabet = Greek.capitals

  public init() {}

  /// A quarter of the work and of the parameters: for old machines and first passes.
  public static let small: ReaderConfig = {
    var config = ReaderConfig()
    (config.stem, config.stemBlocks, config.width, config.expansion) = ([16, 32, 48], [1, 1], 96, 288)
    return config
  }()

  public var classes: Int { alphabet.count + 1 }

  /// Columns of the strip that make one frame.
  public static let pixelsPerFrame = 4

  /// The convolutions of the stem: window, stride along and across the line. Sizes are of the input map.
  package struct Convolution {
    package let size: Int
    package let strideX: Int
    package let strideY: Int
    package let inputHeight: Int
    package let inputChannels: Int
    package let channels: Int
    package var outputHeight: Int { inputHeight / strideY }
    package var depth: Int { size * size * inputChannels }
  }

  package var convolutions: [Convolution] {
    [
      Convolution(size: 5, strideX: 2, strideY: 2, inputHeight: height, inputChannels: 1, channels: stem[0]),
      Convolution(
        size: 3, strideX: 2, strideY: 2, inputHeight: height / 2, inputChannels: stem[0], channels: stem[1]),
      Convolution(
        size: 3, strideX: 1, strideY: 2, inputHeight: height / 4, inputChannels: stem[1], channels: stem[2]),
    ]
  }

  /// What a residual block works on: maps of `rows` positions a frame.
  public struct Residual: Hashable, Sendable {
    public let rows: Int
    public let channels: Int
    /// Channels inside.
    public let expansion: Int
    /// Positions that the depthwise convolution sees along the line and across it.
    public let tapsX: Int
    public let tapsY: Int

    /// Multiplications and additions for one frame.
    var operations: Int { 2 * rows * channels * (2 * expansion + tapsX * tapsY) }
  }

  /// The blocks after the second convolution, after the third, and along the line; inside those of the stem there are
  /// twice the channels.
  package var residuals: [(count: Int, shape: Residual)] {
    let c = convolutions
    return (1...2).map { level in
      let channels = stem[level]
      return (
        stemBlocks[level - 1],
        Residual(
          rows: c[level].outputHeight, channels: channels, expansion: 2 * channels, tapsX: stemTaps, tapsY: stemTaps)
      )
    } + [(blocks, Residual(rows: 1, channels: width, expansion: expansion, tapsX: taps, tapsY: 1))]
  }

  /// Numbers in a frame before they are joined.
  package var joined: Int { height / 8 * stem[2] }

  /// Columns of the widest matrix product, forward or back: what scratch is sized by.
  package var widestProduct: Int {
    let inside = residuals.map { max($0.shape.channels, $0.shape.expansion) }
    return (inside + convolutions.map(\.depth) + [joined, width]).max() ?? 0
  }

  /// Multiplications and additions of one forward pass over a strip `columns` wide.
  public func operations(columns: Int) -> Int {
    let frames = (columns + 3) / 4
    var sum = 0
    for (level, c) in convolutions.enumerated() {
      sum += 2 * frames * (level == 0 ? 2 : 1) * c.outputHeight * c.depth * c.channels
    }
    sum += 2 * frames * joined * width
    for (count, shape) in residuals { sum += frames * count * shape.operations }
    return sum + 2 * frames * width * classes
  }

  /// Whether the network can be built: what a file says is checked against this before memory is taken.
  public var isSound: Bool {
    height % 8 == 0 && (8...256).contains(height) && stem.count == 3 && stem.allSatisfy { (1...1024).contains($0) }
      && stemBlocks.count == 2 && stemBlocks.allSatisfy { (0...64).contains($0) }
      && stemTaps % 2 == 1 && (1...15).contains(stemTaps)
      && (1...4096).contains(width) && (1...16384).contains(expansion) && (1...64).contains(blocks)
      && taps % 2 == 1 && (1...63).contains(taps) && (1...255).contains(alphabet.count)
      && Set(alphabet).count == alphabet.count
  }
}

/// Where each tensor of a network stands in the flat array of its parameters.
public struct ReaderLayout: NetworkLayout {
  public struct Tensor: Sendable {
    /// As in the weights file.
    public let name: String
    /// Rows and columns, row-major; a vector has one row.
    public let rows: Int
    public let columns: Int
    public let offset: Int
    public var count: Int { rows * columns }
    /// Vectors are biases and gains.
    public var isVector: Bool { rows == 1 }

    package init(name: String, rows: Int, columns: Int, offset: Int) {
      (self.name, self.rows, self.columns, self.offset) = (name, rows, columns, offset)
    }
  }
  public struct Linear: Sendable {
    public let weight: Int
    public let bias: Int
  }
  public struct Norm: Sendable {
    public let gain: Int
    public let bias: Int
  }
  public struct Block: Sendable {
    public let shape: ReaderConfig.Residual
    public let depthwise: Linear
    public let norm: Norm
    public let expand: Linear
    public let project: Linear
  }

  public let config: ReaderConfig
  public private(set) var tensors: [Tensor] = []
  /// Parameters in all.
  public private(set) var count = 0
  public let first: Linear
  /// A convolution, the norm and rectifier after it, and residual blocks.
  public struct Stage: Sendable {
    public let weight: Int
    public let norm: Norm
    public let blocks: [Block]
  }
  public let second: Stage
  public let third: Stage
  public let join: Linear
  public let blocks: [Block]
  public let headNorm: Norm
  public let head: Linear

  /// - Precondition: `config.isSound`.
  public init(_ config: ReaderConfig) {
    precondition(config.isSound)
    self.config = config
    var tensors: [Tensor] = []
    var count = 0
    func place(_ name: String, _ rows: Int, _ columns: Int) -> Int {
      tensors.append(Tensor(name: name, rows: rows, columns: columns, offset: count))
      count += rows * columns
      return tensors[tensors.count - 1].offset
    }
    func linear(_ name: String, _ rows: Int, _ columns: Int) -> Linear {
      Linear(weight: place(name + ".weight", rows, columns), bias: place(name + ".bias", 1, columns))
    }
    func norm(_ name: String, _ columns: Int) -> Norm {
      Norm(gain: place(name + ".gain", 1, columns), bias: place(name + ".bias", 1, columns))
    }
    func blocks(_ level: Int, _ prefix: String) -> [Block] {
      let (count, shape) = config.residuals[level]
      return (0..<count).map { i in
        Block(
          shape: shape,
          depthwise: linear("\(prefix)block.\(i).depthwise", shape.tapsX * shape.tapsY, shape.channels),
          norm: norm("\(prefix)block.\(i).norm", shape.channels),
          expand: linear("\(prefix)block.\(i).expand", shape.channels, shape.expansion),
          project: linear("\(prefix)block.\(i).project", shape.expansion, shape.channels))
      }
    }
    let c = config.convolutions
    func stage(_ level: Int) -> Stage {
      Stage(
        weight: place("stem.\(level).weight", c[level].depth, c[level].channels),
        norm: norm("stem.\(level).norm", c[level].channels), blocks: blocks(level - 1, "stem.\(level)."))
    }
    first = linear("stem.0", c[0].depth, c[0].channels)
    second = stage(1)
    third = stage(2)
    join = linear("stem.join", config.joined, config.width)
    self.blocks = blocks(2, "")
    headNorm = norm("head.norm", config.width)
    head = linear("head", config.width, config.classes)
    self.tensors = tensors
    self.count = count
  }

  /// The weights of another network brought into this shape: tensors of the same name and size are taken over, of the rest `start` is
  /// kept, but for projections of residual blocks, which begin as nothing so that a new block changes nothing at first.
  public func grown(from other: ReaderLayout, _ weights: [Float], start: [Float]) -> [Float] {
    precondition(weights.count == other.count && start.count == count)
    let theirs = Dictionary(uniqueKeysWithValues: other.tensors.map { ($0.name, $0) })
    var result = start
    for tensor in tensors {
      let range = tensor.offset..<tensor.offset + tensor.count
      if let same = theirs[tensor.name], (same.rows, same.columns) == (tensor.rows, tensor.columns) {
        result.replaceSubrange(range, with: weights[same.offset..<same.offset + same.count])
      } else if tensor.name.hasSuffix("project.weight") {
        result.replaceSubrange(range, with: repeatElement(0, count: tensor.count))
      }
    }
    return result
  }
}
