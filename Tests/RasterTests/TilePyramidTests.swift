import Foundation
import Platform
import Testing

@testable import Raster

@Suite struct TilePyramidTests {
  /// Rows and columns that do and do not fill tiles, one pixel, long strips.
  @Test(arguments: [(1, 1), (256, 256), (257, 255), (700, 530), (1025, 3), (2, 1300), (513, 769)], [1, 3])
  func everyLevelIsTheHalfOfTheOneBelow(size: (Int, Int), channels: Int) throws {
    try withFolder { folder in
      let colour = SyntheticPhotograph(width: size.0, height: size.1).bitmap
      var level = channels == 3 ? colour : colour.grey()
      try PNG.write(level, to: folder + "/p.png", compression: 1)
      let pyramid = try TilePyramid.open(photograph: folder + "/p.png", cache: folder + "/p.tiles")
      #expect(pyramid.width == size.0 && pyramid.height == size.1 && pyramid.channels == channels)
      let file = try #require(TileFile(path: folder + "/p.tiles"))
      var codec = TileCodec()
      for shape in file.header.layout.levels {
        #expect(level.width == shape.width && level.height == shape.height)
        for row in 0..<shape.rows {
          for column in 0..<shape.columns {
            let area = shape.rect(column: column, row: row)
            let tile = try file.tile(
              shape.firstTile + row * shape.columns + column, area, channels: channels, &codec)
            #expect(tile == level.cropped(area))
          }
        }
        level = plainHalf(level)
      }
    }
  }

  @Test func aViewAtFullSizeIsThePhotograph() throws {
    try withPyramid(700, 530) { pyramid, photograph in
      for rect in [
        Rect(x: 0, y: 0, width: 700, height: 530), Rect(x: 250, y: 250, width: 20, height: 30),
        Rect(x: 699, y: 529, width: 1, height: 1),
      ] {
        let view = try pyramid.view(of: rect, width: rect.width, height: rect.height)
        #expect(view == photograph.cropped(rect))
      }
    }
  }

  @Test func anyViewIsNearToScalingThePart() throws {
    try withPyramid(900, 777) { pyramid, photograph in
      var chance = Generator(state: 5)
      for _ in 0..<40 {
        let (width, height) = (Int.random(in: 1...900, using: &chance), Int.random(in: 1...777, using: &chance))
        let rect = Rect(
          x: Int.random(in: 0...900 - width, using: &chance), y: Int.random(in: 0...777 - height, using: &chance),
          width: width, height: height)
        let view = try pyramid.view(of: rect, width: 40, height: 30)
        let plain = photograph.resampled(
          x: Double(rect.x), y: Double(rect.y), width: Double(width), height: Double(height), toWidth: 40,
          height: 30)
        #expect(view.width == 40 && view.height == 30)
        let error = zip(view.pixels, plain.pixels).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) }
        #expect(error / Double(view.pixels.count) < 3, "\(rect)")
      }
    }
  }

  @Test func beyondTheEdgesStandsWhite() throws {
    try withPyramid(300, 200) { pyramid, photograph in
      let view = try pyramid.view(of: Rect(x: -100, y: -50, width: 500, height: 300), width: 500, height: 300)
      #expect(view.cropped(Rect(x: 100, y: 50, width: 300, height: 200)) == photograph)
      #expect(view.cropped(Rect(x: 0, y: 0, width: 100, height: 300)).pixels.allSatisfy { $0 == 255 })
      let outside = try pyramid.view(of: Rect(x: 1000, y: 0, width: 50, height: 50), width: 5, height: 5)
      #expect(outside.pixels.allSatisfy { $0 == 255 })
    }
  }

  @Test func aFreshCacheIsUsedAndAStaleOneRebuilt() throws {
    try withFolder { folder in
      let (photograph, cache) = (folder + "/p.png", folder + "/cache/deep/p.tiles")
      func view() throws -> Bitmap {
        try TilePyramid.open(photograph: photograph, cache: cache)
          .view(of: Rect(x: 0, y: 0, width: 300, height: 280), width: 300, height: 280)
      }
      func isFresh() throws -> Bool { try TileFile(path: cache)?.isFresh(for: photograph) ?? false }
      func built() throws -> NSNumber {
        try FileManager.default.attributesOfItem(atPath: cache)[.systemFileNumber] as! NSNumber
      }
      let first = SyntheticPhotograph(width: 300, height: 280, seed: 1).bitmap
      try PNG.write(first, to: photograph)
      #expect(try !isFresh())
      #expect(try view() == first)
      #expect(try isFresh())
      let before = try built()
      #expect(try view() == first)
      // Touched, not changed.
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 9e8)], ofItemAtPath: photograph)
      #expect(try view() == first)
      #expect(try built() == before)
      let second = SyntheticPhotograph(width: 300, height: 280, seed: 2).bitmap
      try PNG.write(second, to: photograph)
      #expect(try !isFresh())
      #expect(try view() == second)
    }
  }

  /// Every byte of the header and the index, and every length: never a crash, never a wrong picture.
  @Test func aDamagedCacheIsRebuilt() throws {
    try withFolder { folder in
      let (photograph, cache) = (folder + "/p.png", folder + "/p.tiles")
      let bitmap = SyntheticPhotograph(width: 300, height: 270).bitmap
      try PNG.write(bitmap, to: photograph)
      _ = try TilePyramid.open(photograph: photograph, cache: cache)
      let sound = try Data(contentsOf: URL(fileURLWithPath: cache))
      let positions =
        Array(0..<TileFileHeader.size) + stride(from: TileFileHeader.size, to: sound.count, by: 9973)
        + (sound.count - 50..<sound.count)
      for position in positions {
        for isCut in [false, true] {
          var damaged = sound
          if isCut { damaged.removeSubrange(position...) } else { damaged[position] ^= 0x41 }
          try damaged.write(to: URL(fileURLWithPath: cache))
          let pyramid = try TilePyramid.open(photograph: photograph, cache: cache)
          let view = try pyramid.view(of: Rect(x: 0, y: 0, width: 300, height: 270), width: 300, height: 270)
          #expect(view == bitmap, "byte \(position)")
        }
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: cache)) == sound)
    }
  }

  @Test func aNewerVersionIsNotTrusted() throws {
    try withFolder { folder in
      let (photograph, cache) = (folder + "/p.png", folder + "/p.tiles")
      try PNG.write(SyntheticPhotograph(width: 30, height: 20).bitmap, to: photograph)
      _ = try TilePyramid.open(photograph: photograph, cache: cache)
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: cache)))
      bytes[8] = 2
      let checksum = Checksum.crc32c(Array(bytes[..<64]))
      withUnsafeBytes(of: checksum.littleEndian) { bytes.replaceSubrange(64..<68, with: $0) }
      try Data(bytes).write(to: URL(fileURLWithPath: cache))
      #expect(TileFile(path: cache) == nil)
    }
  }

  @Test func whereNothingCanBeWrittenTilesGoToATemporaryFile() throws {
    try withFolder { folder in
      let bitmap = SyntheticPhotograph(width: 300, height: 20).bitmap
      try PNG.write(bitmap, to: folder + "/p.png")
      // A file stands where the folder of the cache should be; permissions would not stop root.
      let pyramid = try TilePyramid.open(photograph: folder + "/p.png", cache: folder + "/p.png/cache/p.tiles")
      #expect(try pyramid.view(of: Rect(x: 0, y: 0, width: 300, height: 20), width: 300, height: 20) == bitmap)
    }
  }

  @Test func aTruncatedPhotographIsAnErrorAndLeavesNoCache() throws {
    try withFolder { folder in
      let bytes = PNG.encode(SyntheticPhotograph(width: 300, height: 400).bitmap)
      try Data(bytes.prefix(bytes.count - 4000)).write(to: URL(fileURLWithPath: folder + "/p.png"))
      let error = #expect(throws: RasterError.self) {
        try TilePyramid.open(photograph: folder + "/p.png", cache: folder + "/p.tiles")
      }
      #expect(error?.path == folder + "/p.png")
      #expect(throws: RasterError.self) {
        try TilePyramid.open(photograph: folder + "/none.png", cache: folder + "/p.tiles")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["p.png"])
    }
  }

  @Test func fewTilesAreKept() throws {
    try withPyramid(1100, 1000, memoryLimit: 1) { pyramid, photograph in
      let rect = Rect(x: 13, y: 7, width: 1000, height: 900)
      for _ in 0..<2 {
        let view = try pyramid.view(of: rect, width: 1000, height: 900)
        #expect(view == photograph.cropped(rect))
      }
    }
  }

  /// What was made ready needs nothing more of the file: here it is gone bad in between.
  @Test func whatIsPreparedIsThereAtOnce() throws {
    try withFolder { folder in
      let photograph = SyntheticPhotograph(width: 1500, height: 900).bitmap
      try PNG.write(photograph, to: folder + "/p.png", compression: 1)
      let pyramid = try TilePyramid.open(photograph: folder + "/p.png", cache: folder + "/p.tiles")
      let rect = Rect(x: -50, y: 100, width: 900, height: 600)
      let wanted = try TilePyramid.open(photograph: folder + "/p.png", cache: folder + "/p.tiles").view(
        of: rect, width: 300, height: 200)
      pyramid.prepare(rect, width: 300, height: 200)
      pyramid.prepare(Rect(x: 5000, y: 0, width: 10, height: 10), width: 3, height: 3)
      let bytes = try Files.read(folder + "/p.tiles")
      try FileManager.default.removeItem(atPath: folder + "/p.png")
      let file = try #require(FileHandle(forWritingAtPath: folder + "/p.tiles"))
      try file.write(contentsOf: Data(repeating: 0, count: bytes.count))
      #expect(try pyramid.view(of: rect, width: 300, height: 200) == wanted)
      // What was not made ready is read, and it is no longer there.
      #expect(throws: RasterError.self) {
        try pyramid.view(of: Rect(x: 1000, y: 0, width: 300, height: 300), width: 300, height: 300)
      }
    }
  }

  @Test func buildingTellsItsProgress() throws {
    try withFolder { folder in
      try PNG.write(SyntheticPhotograph(width: 10, height: 1000).bitmap, to: folder + "/p.png")
      var told: [Double] = []
      _ = try TilePyramid.open(photograph: folder + "/p.png", cache: folder + "/p.tiles") { told.append($0) }
      #expect(told.count >= 4 && told == told.sorted() && told.last == 1)
    }
  }

  /// Whoever looks ahead and whoever looks now see the same, in a memory that is too small for both.
  @Test func manyMayLookAtOnce() throws {
    try withPyramid(900, 700, memoryLimit: 3 * 256 * 256 * 3) { pyramid, photograph in
      let looked = Threads.map(24, workers: 4) { number -> Bool in
        let rect = Rect(x: 31 * number % 500, y: 53 * number % 350, width: 400, height: 350)
        return (try? pyramid.view(of: rect, width: 400, height: 350)) == photograph.cropped(rect)
      }
      #expect(!looked.contains(false))
    }
  }

  private func withPyramid(
    _ width: Int, _ height: Int, memoryLimit: Int = TilePyramid.defaultMemoryLimit,
    _ body: (TilePyramid, Bitmap) throws -> Void
  ) throws {
    try withFolder { folder in
      let bitmap = SyntheticPhotograph(width: width, height: height).bitmap
      try PNG.write(bitmap, to: folder + "/p.png", compression: 1)
      try body(
        try TilePyramid.open(photograph: folder + "/p.png", cache: folder + "/p.tiles", memoryLimit: memoryLimit),
        bitmap)
    }
  }
}

@Suite struct TileCodecTests {
  @Test(arguments: [(1, 1), (31, 2), (32, 3), (33, 7), (256, 256)], [1, 3])
  func unpacksWhatItPacks(size: (Int, Int), channels: Int) {
    var codec = TileCodec()
    var generator = Generator(state: 99)
    for kind in 0..<6 {
      let samples = (0..<size.0 * size.1 * channels).map { i -> UInt8 in
        switch kind {
        case 0: 0
        case 1: 255
        case 2: UInt8(truncatingIfNeeded: generator.next())
        case 3: i % 2 == 0 ? 0 : 255
        case 4: UInt8(truncatingIfNeeded: i / 7)
        default: UInt8(120 + generator.next() % 9)
        }
      }
      let packed = pack(samples, size.0, size.1, channels, &codec)
      #expect(packed.count <= samples.count + 1)
      #expect(packed.withUnsafeBytes { codec.unpack($0, width: size.0, height: size.1, channels: channels) } == samples)
    }
  }

  @Test func damagedBytesNeverCrash() {
    var codec = TileCodec()
    let tile = SyntheticPhotograph(width: 40, height: 12).bitmap
    let sound = pack(tile.pixels, 40, 12, 3, &codec)
    for position in sound.indices {
      for flip: UInt8 in [1, 0x80, 0xFF] {
        var damaged = sound
        damaged[position] ^= flip
        let unpacked = damaged.withUnsafeBytes { codec.unpack($0, width: 40, height: 12, channels: 3) }
        #expect(unpacked == nil || unpacked!.count == tile.pixels.count)
      }
      let cut = Array(sound[..<position])
      #expect(cut.withUnsafeBytes { codec.unpack($0, width: 40, height: 12, channels: 3) } == nil)
    }
  }

  private func pack(_ samples: [UInt8], _ width: Int, _ height: Int, _ channels: Int, _ codec: inout TileCodec)
    -> [UInt8]
  {
    var packed: [UInt8] = []
    samples.withUnsafeBufferPointer {
      codec.pack($0, width: width, height: height, channels: channels) { packed = Array($0) }
    }
    return packed
  }
}

/// The level above, as plainly as it can be said.
private func plainHalf(_ bitmap: Bitmap) -> Bitmap {
  let (width, height, channels) = ((bitmap.width + 1) / 2, (bitmap.height + 1) / 2, bitmap.channels)
  var half = Bitmap(width: width, height: height, channels: channels)
  for y in 0..<height {
    for x in 0..<width {
      for channel in 0..<channels {
        var sum = 2
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
          let (oldX, oldY) = (min(2 * x + dx, bitmap.width - 1), min(2 * y + dy, bitmap.height - 1))
          sum += Int(bitmap.pixels[(oldY * bitmap.width + oldX) * channels + channel])
        }
        half.pixels[(y * width + x) * channels + channel] = UInt8(sum / 4)
      }
    }
  }
  return half
}

/// xorshift, for data that is the same in every run.
struct Generator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
