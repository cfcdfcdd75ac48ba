/// An image in memory: 8 bits a sample, rows from the top, one channel (grey) or three (red, green, blue interleaved).
///
/// `pixels.count == width * height * channels`. Good for fragments and strips; a whole
/// photograph of unknown size is read by rows or through a tile pyramid instead.
public struct Bitmap: Hashable, Sendable {
  public let width: Int
  public let height: Int
  /// 1 for grey, 3 for colour.
  public let channels: Int
  public var pixels: [UInt8]

  /// - Precondition: `channels` is 1 or 3 and `pixels` has `width * height * channels` bytes.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(channels == 1 || channels == 3)
    precondition(width >= 0 && height >= 0 && pixels.count == width * height * channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// An image of one value everywhere.
  public init(width: Int, height: Int, channels: Int = 1, filledWith value: UInt8 = 255) {
    self.init(
      width: width, height: height, channels: channels,
      pixels: [UInt8](repeating: value, count: width * height * channels))
  }
}
