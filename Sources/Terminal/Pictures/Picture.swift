/// Pixels for the screen: 8 bits a sample, rows from the top, grey (1 channel) or red, green, blue (3).
public struct Pixels: Hashable, Sendable {
  public let width: Int
  public let height: Int
  public let channels: Int
  public let samples: [UInt8]

  /// - Precondition: `samples.count == width * height * channels`, `channels` is 1 or 3.
  public init(width: Int, height: Int, channels: Int, samples: [UInt8]) {
    precondition((channels == 1 || channels == 3) && samples.count == width * height * channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.samples = samples
  }
}

/// Pixels with a place and a size on the grid. A screen that can show pixels shows them; any other makes cells of them.
public struct Picture: Hashable, Sendable {
  public let pixels: Pixels
  /// The cells it covers; parts beyond the grid are clipped.
  public let area: Area
  /// The cells of it that are seen: a part of a larger picture hangs over the edge of its pane.
  public let seen: Area
  /// How it becomes cells.
  public let encoding: ImageCells

  /// - Parameters:
  ///   - pixels: `encoding.blocks.size` of them for each cell of the area, or as many as the screen has for a cell.
  ///   - pane: what lies beyond it is not seen; nil: all is.
  public init(_ pixels: Pixels, in area: Area, within pane: Area? = nil, encoding: ImageCells) {
    self.pixels = pixels
    self.area = area
    seen = pane.map(area.intersection) ?? area
    self.encoding = encoding
  }
}
