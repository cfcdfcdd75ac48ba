import Foundation
import Platform
import Testing

@testable import Raster

@Suite struct PNGKindsTests {
  @Test(arguments: TestPNG.allKinds)
  func everyKindIsReadAsThePlainReferenceSays(png: TestPNG) throws {
    let bitmap = try PNG.decode(png.bytes)
    let (channels, pixels) = png.expected()
    #expect(bitmap.width == png.width && bitmap.height == png.height && bitmap.channels == channels)
    // Deep colour, deep alpha and their blend are each rounded to 8 bits.
    let tolerance = png.depth == 16 && png.colourType >= 4 ? 1.5 : 1
    let worst = zip(bitmap.pixels, pixels).map { abs(Double($0) - $1) }.max() ?? 0
    #expect(worst <= tolerance)
  }

  @Test(arguments: TestPNG.allKinds.filter { $0.width == 13 })
  func truncatedAndMutatedFilesOfEveryKindNeverCrash(png: TestPNG) {
    let bytes = png.bytes
    for length in stride(from: 0, to: bytes.count - 16, by: 3) {
      #expect(throws: RasterError.self) { try PNG.decode(Array(bytes[..<length])) }
    }
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= UInt8(truncatingIfNeeded: position &* 37 | 1)
      if let bitmap = try? PNG.decode(damaged, memoryLimit: 1 << 20) {
        #expect(bitmap.pixels.count == bitmap.width * bitmap.height * bitmap.channels)
      }
    }
  }

  /// Wrong sizes with right checksums, which mutation alone does not reach.
  @Test func headersThatLieAreRefused() throws {
    for (width, height) in [(60_000, 60_000), (1 << 31 - 1, 1), (1, 1 << 31 - 1), (1 << 20, 1 << 20), (0, 5), (5, 0)] {
      for isInterlaced in [false, true] {
        let liar = Self.liar(width, height, isInterlaced: isInterlaced)
        let error = #expect(throws: RasterError.self) { try PNG.decode(liar, name: "liar.png") }
        #expect(error?.path == "liar.png")
        if width == 60_000 { #expect(error?.code == .tooLarge) }
      }
    }
  }

  @Test func aHugeHeaderCanBeReadByRowsUntilItsBytesEnd() throws {
    let reader = try PNGRowReader(bytes: Self.liar(60_000, 60_000, isInterlaced: false), name: "huge.png")
    #expect(reader.width == 60_000 && reader.height == 60_000)
    let row = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 180_000)
    defer { row.deallocate() }
    let error = #expect(throws: RasterError.self) { try reader.readRow(into: row) }
    #expect(error?.code == .damaged)
  }

  @Test func anInterlacedHugeHeaderIsRefusedBeforeMemoryIsTaken() throws {
    let reader = try PNGRowReader(bytes: Self.liar(60_000, 60_000, isInterlaced: true), name: "huge.png")
    let row = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 180_000)
    defer { row.deallocate() }
    let error = #expect(throws: RasterError.self) { try reader.readRow(into: row) }
    #expect(error?.code == .tooLarge)
  }

  @Test func aTruncatedFileOnDiskNamesItself() throws {
    try withFolder { folder in
      let path = folder + "/cut.png"
      let bytes = PNG.encode(Bitmap(width: 40, height: 40, channels: 3, filledWith: 7))
      try Data(bytes.prefix(bytes.count / 2)).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: RasterError.self) { try PNG.read(path: path) }
      #expect(error?.path == path && error?.code == .damaged)
      try Data("no image at all".utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: RasterError.self) { try PNG.header(path: path) }
      try Data().write(to: URL(fileURLWithPath: path))
      #expect(throws: RasterError.self) { try PNG.read(path: path) }
    }
  }

  @Test func writingLeavesNothingHalf() throws {
    try withFolder { folder in
      let path = folder + "/image.png"
      let bitmap = SyntheticPhotograph(width: 30, height: 20).bitmap
      try PNG.write(bitmap, to: path)
      #expect(try PNG.read(path: path) == bitmap)
      do {
        let given = try PNGRowWriter(path: path, width: 30, height: 20, channels: 3)
        try bitmap.pixels.withUnsafeBufferPointer {
          try given.writeRow(UnsafeBufferPointer(rebasing: $0[..<90]))
        }
      }
      #expect(try PNG.read(path: path) == bitmap)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["image.png"])
      let error = #expect(throws: RasterError.self) { try PNG.write(bitmap, to: folder + "/none/image.png") }
      #expect(error?.code == .unwritable)
    }
  }

  private static func liar(_ width: Int, _ height: Int, isInterlaced: Bool) -> [UInt8] {
    let small = TestPNG(width: 2, height: 2, colourType: 2, depth: 8) { x, _, _ in x }.bytes
    let header = TestPNG.big(width) + TestPNG.big(height) + [8, 2, 0, 0, isInterlaced ? 1 : 0]
    return Array(small[..<8]) + TestPNG.chunk("IHDR", header) + Array(small[33...])
  }
}

/// Runs `body` with the path of a folder that goes afterwards.
func withFolder<T>(_ body: (String) throws -> T) throws -> T {
  let folder = FileManager.default.temporaryDirectory.path + "/grapheion-raster-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: folder) } }
  return try body(folder)
}

extension SyntheticPhotograph {
  /// The whole photograph in memory.
  var bitmap: Bitmap {
    var pixels: [UInt8] = []
    let row = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: width * 3)
    defer { row.deallocate() }
    for y in 0..<height {
      draw(row: y, into: row)
      pixels += row
    }
    return Bitmap(width: width, height: height, channels: 3, pixels: pixels)
  }
}
