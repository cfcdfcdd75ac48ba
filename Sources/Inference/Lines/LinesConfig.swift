/// The shape of the network that finds lines: a U of convolutions (Ronneberger et al. 2015) over a whole photograph.
///
/// On the way down every level halves the sides: a convolution of stride 2, then residual ones. On the way up a level's map is joined by that
/// of the level below, brought to its channels and enlarged, and a residual convolution follows. Each convolution is normed by position and
/// rectified, so training and finding compute the same. The head gives `Output.count` numbers for each place of the first level, that is for
/// each two by two pixels of the image.
public struct LinesConfig: Hashable, Sendable {
  /// Channels of the levels: at a half, a quarter, an eighth of the image's sides and so on.
  public var channels = [32, 32, 64, 64, 96]
  /// Residual convolutions of each level on the way down.
  public var depths = [0, 1, 2, 2, 2]

  public init() {}

  /// What is known of each pixel, see `PageImage`.
  public static let inputs = 4

  /// What the head says of a place, as logits where it is a probability.
  public enum Output: Int, CaseIterable, Sendable {
    /// Whether a baseline runs here.
    case baseline
    /// Whether this lies between the baseline of a line and the tops of its small letters.
    case body
    /// Whether a line starts here, or ends.
    case start, end
    /// Whether this is the sheet, not the ground it lies on.
    case sheet
    /// Logarithm of the x-height in pixels of the image, less that of `usualXHeight`. Where there is a body.
    case xHeight
    /// Direction of the writing: cosine and sine of the angle from left-to-right, growing clockwise. Where there is a body.
    case cosine, sine
  }

  /// The x-height, in pixels of the image, at which the network sees best.
  public static let usualXHeight = 8.0
  /// Pixels of the image to a place of the result, on a side.
  public static let pixelsPerPlace = 2

  public var levels: Int { channels.count }
  /// Sides of an image are multiples of this.
  public var multiple: Int { 1 << levels }

  /// Whether the network can be built: what a file says is checked against this before memory is taken.
  public var isSound: Bool {
    (1...7).contains(levels) && channels.allSatisfy { (1...512).contains($0) } && depths.count == levels
      && depths.allSatisfy { (0...16).contains($0) }
  }
}

/// Where each tensor of the network stands in the flat array of its parameters.
public struct LinesLayout: NetworkLayout {
  /// A convolution with its norm.
  public struct Convolution: Sendable {
    /// The window is `size` x `size`; 5 where it sees the image, else 3.
    public let size: Int
    public let stride: Int
    public let inputChannels: Int
    public let channels: Int
    public let weight: Int
    public let norm: ReaderLayout.Norm
    /// Whether what came in is added to the result.
    public let isResidual: Bool
    public var depth: Int { size * size * inputChannels }
  }

  public let config: LinesConfig
  public private(set) var tensors: [ReaderLayout.Tensor] = []
  public private(set) var count = 0
  /// Level by level, the halving convolution first.
  public let down: [[Convolution]]
  /// From the channels of level l + 1 to those of level l.
  public let lateral: [ReaderLayout.Linear]
  /// On the way up, level by level; none for the last.
  public let up: [Convolution]
  public let head: ReaderLayout.Linear

  /// - Precondition: `config.isSound`.
  public init(_ config: LinesConfig) {
    precondition(config.isSound)
    self.config = config
    var tensors: [ReaderLayout.Tensor] = []
    var count = 0
    func place(_ name: String, _ rows: Int, _ columns: Int) -> Int {
      tensors.append(.init(name: name, rows: rows, columns: columns, offset: count))
      count += rows * columns
      return count - rows * columns
    }
    func linear(_ name: String, _ rows: Int, _ columns: Int) -> ReaderLayout.Linear {
      .init(weight: place(name + ".weight", rows, columns), bias: place(name + ".bias", 1, columns))
    }
    func convolution(_ name: String, _ size: Int, _ stride: Int, _ from: Int, _ to: Int) -> Convolution {
      Convolution(
        size: size, stride: stride, inputChannels: from, channels: to,
        weight: place(name + ".weight", size * size * from, to),
        norm: .init(gain: place(name + ".norm.gain", 1, to), bias: place(name + ".norm.bias", 1, to)),
        isResidual: stride == 1)
    }
    let channels = config.channels
    down = channels.indices.map { level in
      let from = level == 0 ? LinesConfig.inputs : channels[level - 1]
      return [convolution("down.\(level).0", level == 0 ? 5 : 3, 2, from, channels[level])]
        + (0..<config.depths[level]).map {
          convolution("down.\(level).\($0 + 1)", 3, 1, channels[level], channels[level])
        }
    }
    lateral = (0..<channels.count - 1).map { linear("lateral.\($0)", channels[$0 + 1], channels[$0]) }
    up = (0..<channels.count - 1).map { convolution("up.\($0)", 3, 1, channels[$0], channels[$0]) }
    head = linear("head", channels[0], LinesConfig.Output.allCases.count)
    self.tensors = tensors
    self.count = count
  }

  /// Columns of the widest matrix product, forward or back: what scratch is sized by.
  package var widestProduct: Int { tensors.map { max($0.rows, $0.columns) }.max() ?? 0 }
}
