import Testing

@testable import Raster

private func pattern(width: Int, height: Int, channels: Int) -> Bitmap {
  var state: UInt64 = 88_172_645_463_325_252
  let pixels = (0..<width * height * channels).map { _ -> UInt8 in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return UInt8(truncatingIfNeeded: state >> 24)
  }
  return Bitmap(width: width, height: height, channels: channels, pixels: pixels)
}

@Suite struct PNGTests {
  @Test(arguments: [1, 3], [(1, 1), (7, 5), (64, 33)])
  func writesWhatItReads(channels: Int, size: (Int, Int)) throws {
    let bitmap = pattern(width: size.0, height: size.1, channels: channels)
    for compression in [1, 6, 9] {
      #expect(try PNG.decode(PNG.encode(bitmap, compression: compression)) == bitmap)
    }
  }

  @Test func everyTruncationIsAnErrorThatNamesTheFile() throws {
    let bytes = PNG.encode(pattern(width: 12, height: 9, channels: 3))
    // libpng needs the image data, not the end mark: cutting inside IEND still gives every row.
    for length in 0..<bytes.count - 16 {
      let error = #expect(throws: RasterError.self) {
        try PNG.decode(Array(bytes[..<length]), name: "p.png")
      }
      #expect(error?.path == "p.png")
    }
  }

  @Test func mutationsNeverCrash() {
    let bytes = PNG.encode(pattern(width: 12, height: 9, channels: 1))
    var accepted = 0
    for position in bytes.indices {
      for flip: UInt8 in [0x01, 0x80, 0xFF] {
        var damaged = bytes
        damaged[position] ^= flip
        if let bitmap = try? PNG.decode(damaged, memoryLimit: 1 << 20) {
          accepted += 1
          #expect(bitmap.pixels.count == bitmap.width * bitmap.height * bitmap.channels)
        }
      }
    }
    // Every chunk has a checksum; only what libpng skips may change unseen.
    #expect(accepted < bytes.count / 4)
  }

  @Test func refusesMoreThanTheLimitBeforeTakingMemory() {
    let bytes = PNG.encode(pattern(width: 100, height: 100, channels: 3))
    let error = #expect(throws: RasterError.self) { try PNG.decode(bytes, memoryLimit: 29_999) }
    #expect(error?.code == .tooLarge)
  }

  @Test func folderInPlaceOfAFile() {
    let error = #expect(throws: RasterError.self) { try PNG.read(path: "/usr") }
    #expect(error?.reason == "is a folder, not an image")
  }
}

@Suite struct BitmapOperationTests {
  @Test func greyOfGreyIsItself() {
    let bitmap = pattern(width: 5, height: 4, channels: 1)
    #expect(bitmap.grey() == bitmap)
  }

  @Test func cropIsClipped() {
    let bitmap = pattern(width: 10, height: 8, channels: 3)
    let part = bitmap.cropped(Rect(x: 8, y: 6, width: 5, height: 5))
    #expect(part.width == 2 && part.height == 2)
    #expect(Array(part.pixels.prefix(3)) == Array(bitmap.pixels[(6 * 10 + 8) * 3..<(6 * 10 + 9) * 3]))
  }

  @Test func halvingIsTheMeanOfFour() {
    let bitmap = pattern(width: 16, height: 12, channels: 1)
    let half = bitmap.scaled(width: 8, height: 6)
    for y in 0..<6 {
      for x in 0..<8 {
        let sum = [(0, 0), (1, 0), (0, 1), (1, 1)].reduce(0) {
          $0 + Int(bitmap.pixels[(2 * y + $1.1) * 16 + 2 * x + $1.0])
        }
        #expect(abs(Int(half.pixels[y * 8 + x]) - (sum + 2) / 4) <= 1)
      }
    }
  }

  @Test func scalingKeepsAFlatImageFlat() {
    for size in [(3, 3), (17, 29), (100, 1)] {
      let scaled = Bitmap(width: 13, height: 11, channels: 3, filledWith: 93).scaled(width: size.0, height: size.1)
      #expect(scaled.pixels.allSatisfy { $0 == 93 })
    }
  }
}
