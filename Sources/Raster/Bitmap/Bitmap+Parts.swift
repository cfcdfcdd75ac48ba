extension Bitmap {
  /// The whole image as a rectangle.
  public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  /// The part of the image inside `rect`, clipped to the image; empty where they do not meet.
  public func cropped(_ rect: Rect) -> Bitmap {
    let part = rect.intersection(bounds)
    guard !part.isEmpty else { return Bitmap(width: part.width, height: part.height, channels: channels, pixels: []) }
    var cut: [UInt8] = []
    cut.reserveCapacity(part.width * part.height * channels)
    for y in part.y..<part.maxY {
      let start = (y * width + part.x) * channels
      cut.append(contentsOf: pixels[start..<start + part.width * channels])
    }
    return Bitmap(width: part.width, height: part.height, channels: channels, pixels: cut)
  }

  /// Lays `other` over this image with its upper left corner at (x, y); what reaches over the edges is left out.
  /// - Precondition: both have the same channels.
  public mutating func paste(_ other: Bitmap, x: Int, y: Int) {
    precondition(channels == other.channels)
    let part = Rect(x: x, y: y, width: other.width, height: other.height).intersection(bounds)
    guard !part.isEmpty else { return }
    let (width, channels) = (width, channels)
    pixels.withUnsafeMutableBufferPointer { out in
      other.pixels.withUnsafeBufferPointer { source in
        for row in part.y..<part.maxY {
          let from = ((row - y) * other.width + part.x - x) * channels
          (out.baseAddress! + (row * width + part.x) * channels)
            .update(from: source.baseAddress! + from, count: part.width * channels)
        }
      }
    }
  }

  /// Gives every pixel inside `rect` (clipped to the image) the colour `value`, one sample a channel.
  /// - Precondition: `value` has as many samples as the image has channels.
  public mutating func fill(_ rect: Rect, with value: [UInt8]) {
    precondition(value.count == channels)
    let part = rect.intersection(bounds)
    guard !part.isEmpty else { return }
    for y in part.y..<part.maxY { fillSpan(y: y, columns: part.x..<part.maxX, with: value) }
  }

  /// Gives every pixel whose centre lies inside `polygon` (even-odd rule) the colour `value`.
  /// - Precondition: `value` has as many samples as the image has channels.
  public mutating func fill(_ polygon: Polygon, with value: [UInt8]) {
    precondition(value.count == channels)
    for span in polygon.spans(in: bounds) { fillSpan(y: span.y, columns: span.columns, with: value) }
  }

  private mutating func fillSpan(y: Int, columns: Range<Int>, with value: [UInt8]) {
    let start = (y * width + columns.lowerBound) * channels
    let channels = channels
    pixels.withUnsafeMutableBufferPointer { out in
      for i in 0..<columns.count * channels { out[start + i] = value[i % channels] }
    }
  }

  /// The image turned clockwise by `turns` quarters; any whole number.
  public func rotated(quarterTurns turns: Int) -> Bitmap {
    let turns = ((turns % 4) + 4) % 4
    guard turns != 0 else { return self }
    let (newWidth, newHeight) = turns == 2 ? (width, height) : (height, width)
    let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { out, count in
      pixels.withUnsafeBufferPointer { source in
        for y in 0..<height {
          for x in 0..<width {
            let (newX, newY) =
              switch turns {
              case 1: (height - 1 - y, x)
              case 2: (width - 1 - x, height - 1 - y)
              default: (y, width - 1 - x)
              }
            for channel in 0..<channels {
              out[(newY * newWidth + newX) * channels + channel] = source[(y * width + x) * channels + channel]
            }
          }
        }
      }
      count = pixels.count
    }
    return Bitmap(width: newWidth, height: newHeight, channels: channels, pixels: turned)
  }
}
