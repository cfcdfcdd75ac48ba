/// The shape of the reader network: a convolutional stem, residual blocks along the line, a head.
///
/// A strip 48 rows high enters. Three convolutions bring it to a quarter of its width and an eighth
/// of its height; a matrix joins what is left of each column into one vector, a *frame* of four
/// pixels. Then blocks in the manner of ConvNeXt (Liu et al. 2022), along the line only: depthwise
/// convolution, layer norm, expansion, rectifier, projection, added to what came in. The head gives
/// one logit a class; class 0 is the blank of connectionist temporal classification. Norms are by
/// position, so training and reading compute the same.
public struct ReaderConfig: Hashable, Sendable {
  /// Rows of a strip; a multiple of 8.
  public var height = 48
  /// Channels after each of the three convolutions.
  public var stem = [32, 64, 96]
  /// Channels of a frame.
  public var width = 192
  /// Channels inside a block.
  public var expansion = 576
  public var blocks = 8
  /// Frames that the depthwise convolution of a block sees; odd.
  public var taps = 9
  /// The letters, in the order of their classes, from class 1.
  public var alphabet = ReaderConfig.greek

  public init() {}

  /// A quarter of the work and of the parameters: for old machines and first passes.
  public static let small: ReaderConfig = {
    var config = ReaderConfig()
    (config.stem, config.width, config.expansion) = ([16, 32, 48], 96, 288)
    return config
  }()

  /// The 24 capitals in alphabetical order.
  public static let greek = Array("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ")

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

  /// Numbers in a frame before they are joined.
  package var joined: Int { height / 8 * stem[2] }

  /// Multiplications and additions of one forward pass over a strip `columns` wide.
  public func operations(columns: Int) -> Int {
    let frames = (columns + 3) / 4
    var sum = 0
    for (level, c) in convolutions.enumerated() {
      sum += 2 * frames * (level == 0 ? 2 : 1) * c.outputHeight * c.depth * c.channels
    }
    sum += 2 * frames * joined * width
    sum += 2 * frames * blocks * (2 * width * expansion + taps * width)
    return sum + 2 * frames * width * classes
  }

  /// Whether the network can be built: what a file says is checked against this before memory is taken.
  public var isSound: Bool {
    height % 8 == 0 && (8...256).contains(height) && stem.count == 3 && stem.allSatisfy { (1...1024).contains($0) }
      && (1...4096).contains(width) && (1...16384).contains(expansion) && (1...64).contains(blocks)
      && taps % 2 == 1 && (1...63).contains(taps) && (1...255).contains(alphabet.count)
  }
}

/// Where each tensor of a network stands in the flat array of its parameters.
public struct ReaderLayout: Sendable {
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
  public let second: (weight: Int, norm: Norm)
  public let third: (weight: Int, norm: Norm)
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
    let c = config.convolutions
    first = linear("stem.0", c[0].depth, c[0].channels)
    second = (place("stem.1.weight", c[1].depth, c[1].channels), norm("stem.1.norm", c[1].channels))
    third = (place("stem.2.weight", c[2].depth, c[2].channels), norm("stem.2.norm", c[2].channels))
    join = linear("stem.join", config.joined, config.width)
    blocks = (0..<config.blocks).map { i in
      Block(
        depthwise: linear("block.\(i).depthwise", config.taps, config.width),
        norm: norm("block.\(i).norm", config.width),
        expand: linear("block.\(i).expand", config.width, config.expansion),
        project: linear("block.\(i).project", config.expansion, config.width))
    }
    headNorm = norm("head.norm", config.width)
    head = linear("head", config.width, config.classes)
    self.tensors = tensors
    self.count = count
  }
}
