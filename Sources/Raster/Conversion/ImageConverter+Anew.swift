import Platform

// What is wrong with a picture that is a PNG already: it lies on its side, what it calls transparency is none, or its samples take 16 bits and use
// fewer. Cameras and scanners of 10 and 12 bits write those as they measured them, and whoever takes them for 16 sees a photograph as black as night.

extension ImageConverter {
  /// Of 16 bits a picture that uses no more of them is spread over all: no sample is a quarter of white.
  static let fewBits = 14

  /// Whether a file is a PNG that everybody can read as it is; others are to be converted. Decodes one of 16 bits.
  public static func isReady(_ path: String) throws(RasterError) -> Bool {
    guard try ImageType.of(path) == .png, try orientation(of: path) == .upright else { return false }
    return try usedBits(path, dropsAlpha: false) > fewBits
  }

  /// 16 for every picture that has no so many.
  private static func usedBits(_ path: String, dropsAlpha: Bool) throws(RasterError) -> Int {
    let reader = try PNGRowReader(path: path, samples: PNGRowReader.Samples(dropsAlpha: dropsAlpha))
    guard reader.depth == 16 else { return 16 }
    try reader.verifySize()
    let row = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: reader.width * reader.channels)
    defer { row.deallocate() }
    for _ in 0..<reader.height { try reader.readRow(into: row) }
    return reader.usedBits
  }

  /// Writes a PNG anew, turned, its few bits spread over all, without what is no transparency, the size of its pixels kept; nothing where nothing is to be done.
  ///
  /// Takes the memory of the picture twice where it is to be turned, else that of a row.
  /// - Parameter note: told what nobody expects.
  /// - Returns: how many bits were spread; nil where none were.
  static func writeAnew(
    _ path: String, turnedBy orientation: ExifOrientation, dropsAlpha: Bool, toPNG target: String,
    note: (String) -> Void
  ) throws(RasterError) -> Int? {
    let bits = try usedBits(path, dropsAlpha: dropsAlpha)
    let isSpread = bits <= fewBits
    guard orientation != .upright || dropsAlpha || isSpread else { return nil }
    let samples = PNGRowReader.Samples(bits: isSpread ? bits : 16, dropsAlpha: dropsAlpha)
    let reader = try PNGRowReader(path: path, samples: samples)
    if orientation != .upright {
      let picture = orientation.upright(try PNG.read(path: path, samples: samples))
      try PNG.write(picture, to: target, density: reader.density)
    } else {
      try reader.verifySize()
      let writer = try PNGRowWriter(
        path: target, width: reader.width, height: reader.height, channels: reader.channels, density: reader.density)
      let row = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: reader.width * reader.channels)
      defer { row.deallocate() }
      for _ in 0..<reader.height {
        try reader.readRow(into: row)
        try writer.writeRow(UnsafeBufferPointer(row))
      }
      try writer.finish()
    }
    guard isSpread else { return nil }
    note("uses \(bits) of the 16 bits of its samples: written anew with 8, from black to white")
    return bits
  }
}
