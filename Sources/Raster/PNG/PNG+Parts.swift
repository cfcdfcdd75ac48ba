extension PNG {
  /// Decodes a file averaged down by a whole factor as its rows come; what is left over at the right and lower edge is dropped.
  ///
  /// Memory is the result and a row of the photograph, whatever its size; interlaced files are decoded whole.
  public static func read(path: String, reducedBy factor: Int) throws(RasterError) -> Bitmap {
    let header = try header(path: path)
    var whole: Bitmap?
    try read(
      parts: [Rect(x: 0, y: 0, width: header.width, height: header.height)], of: path, reducedBy: factor
    ) {
      whole = $1
    }
    return whole!
  }

  /// Decodes parts of a file in one pass over its rows, each averaged down by a whole factor and handed over as soon as its last row
  /// has come.
  ///
  /// - Parameters:
  ///   - parts: clipped to the photograph; they may overlap.
  ///   - body: told the number of the part.
  public static func read(
    parts: [Rect], of path: String, reducedBy factor: Int, _ body: (_ number: Int, _ part: Bitmap) -> Void
  ) throws(RasterError) {
    precondition(factor >= 1)
    let reader = try PNGRowReader(path: path)
    let bounds = Rect(x: 0, y: 0, width: reader.width, height: reader.height)
    var waiting = parts.indices.map { ReducedPart($0, parts[$0].intersection(bounds), reader.channels, factor) }
      .sorted { $0.rect.y > $1.rect.y }
    var open: [ReducedPart] = []
    let row = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, reader.width * reader.channels))
    defer { row.deallocate() }
    for y in 0..<reader.height {
      while let next = waiting.last, next.rect.y <= y {
        waiting.removeLast()
        if next.isDone { body(next.number, next.bitmap()) } else { open.append(next) }
      }
      if open.isEmpty && waiting.isEmpty { break }
      try reader.readRow(into: row)
      for part in open { part.add(row) }
      for part in open where part.isDone { body(part.number, part.bitmap()) }
      open.removeAll(where: \.isDone)
    }
    for part in waiting { body(part.number, part.bitmap()) }
  }
}

/// A part of a photograph that is being averaged down row by row.
private final class ReducedPart {
  let number: Int
  let rect: Rect
  private let channels: Int
  private let factor: Int
  private let width: Int
  private let height: Int
  private var pixels: [UInt8] = []
  /// Of the rows that make the next row of the part.
  private var sums: [UInt32]
  private var rows = 0

  init(_ number: Int, _ rect: Rect, _ channels: Int, _ factor: Int) {
    self.number = number
    self.rect = rect
    self.channels = channels
    self.factor = factor
    (width, height) = (rect.width / factor, rect.height / factor)
    sums = [UInt32](repeating: 0, count: width * channels)
  }

  var isDone: Bool { rows == rect.height || rect.isEmpty }

  func add(_ row: UnsafeMutableBufferPointer<UInt8>) {
    if rows == 0 { pixels.reserveCapacity(width * height * channels) }
    rows += 1
    guard rows <= height * factor else { return }
    let source = UnsafeMutableBufferPointer(rebasing: row[rect.x * channels..<(rect.x + width * factor) * channels])
    if factor == 1 {
      pixels.append(contentsOf: source)
      return
    }
    sums.withUnsafeMutableBufferPointer { sums in
      var place = 0
      for x in 0..<width {
        for _ in 0..<factor {
          for channel in 0..<channels { sums[x * channels + channel] &+= UInt32(source[place + channel]) }
          place += channels
        }
      }
    }
    guard rows % factor == 0 else { return }
    let count = UInt32(factor * factor)
    for index in sums.indices {
      pixels.append(UInt8((sums[index] + count / 2) / count))
      sums[index] = 0
    }
  }

  func bitmap() -> Bitmap {
    defer { pixels = [] }
    return Bitmap(
      width: pixels.isEmpty ? 0 : width, height: pixels.isEmpty ? 0 : height, channels: channels, pixels: pixels)
  }
}
