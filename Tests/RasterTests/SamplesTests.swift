import Foundation
import Platform
import Testing

@testable import Raster

/// Samples that are not what they seem: few bits in sixteen, bands that are no transparency, floating point.
@Suite struct SamplesTests {
  /// Grey of 16 bits, of which the largest sample uses `bits`.
  private static func deep(_ bits: Int, type: Int = 0, isInterlaced: Bool = false) -> TestPNG {
    TestPNG(width: 13, height: 9, colourType: type, depth: 16, isInterlaced: isInterlaced) { x, y, _ in
      (1 << bits - 1) * (x + 13 * y) / 116
    }
  }

  @Test(arguments: [8, 10, 12, 14], [0, 2]) func fewBitsOfManyAreSpreadOverAll(bits: Int, type: Int) throws {
    try withFolder { folder in
      let (path, target) = (folder + "/x.png", folder + "/y.png")
      let png = Self.deep(bits, type: type, isInterlaced: bits == 10)
      // 24,000 pixels a metre.
      let density = TestPNG.chunk("pHYs", TestPNG.big(24_000) + TestPNG.big(24_000) + [1])
      try Files.replace(path, with: png.bytes[..<33] + density + png.bytes[33...])
      var notes: [String] = []
      #expect(try !ImageConverter.isReady(path))
      #expect(try ImageConverter.convert(path, toPNG: target) { notes.append($0) } == "spread from \(bits) bits")
      #expect(
        notes == ["uses \(bits) of the 16 bits of its samples: written anew with 8, from black to white"])
      let (channels, pixels) = (type == 0 ? 1 : 3, try PNG.read(path: target).pixels)
      let top = Double(1 << bits - 1)
      for place in 0..<117 {
        let expected = (Double(Int(top) * place / 116) / top * 255).rounded()
        #expect(abs(Double(pixels[place * channels]) - expected) <= 1)
      }
      #expect(pixels.last == 255 && pixels[0] == 0)
      #expect(PNGResolution.pixelsPerMillimetre(path: target) == 24)
      #expect(try ImageConverter.isReady(target))
    }
  }

  @Test func picturesOfAllBitsStayAsTheyAre() throws {
    try withFolder { folder in
      let dark = TestPNG(width: 9, height: 9, colourType: 0, depth: 8) { x, _, _ in x }
      for (number, png) in [Self.deep(16), Self.deep(15), dark].enumerated() {
        try Files.replace(folder + "/\(number).png", with: png.bytes)
        #expect(try ImageConverter.isReady(folder + "/\(number).png"))
      }
    }
  }

  @Test(arguments: [8, 16]) func whatIsNoTransparencyIsLeftOut(depth: Int) throws {
    try withFolder { folder in
      let top = 1 << depth - 1
      let png = TestPNG(width: 8, height: 4, colourType: 6, depth: depth) { x, _, channel in
        channel == 3 ? top / 4 : top * (x + channel) / 10
      }
      try Files.replace(folder + "/x.png", with: png.bytes)
      let bits = try ImageConverter.writeAnew(
        folder + "/x.png", turnedBy: .upright, dropsAlpha: true, toPNG: folder + "/y.png", note: { _ in })
      #expect(bits == nil)
      let pixels = try PNG.read(path: folder + "/y.png").pixels
      for (place, tenths) in [0, 1, 2, 1, 2, 3].enumerated() {
        #expect(abs(Int(pixels[place]) - 255 * tenths / 10) <= 1)
      }
    }
  }

  /// A TIFF of one row, bands side by side.
  private static func tiff(
    kind: Int, depth: Int = 8, big: Bool = false, extra: [Int]? = nil, format: Int? = nil, pixels: [[Int]]
  ) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return big ? bytes.reversed() : bytes
    }
    let bands = pixels[0].count
    let image = pixels.flatMap { $0 }.flatMap { number($0, depth / 8) }
    var entries: [(tag: Int, values: [Int])] = [
      (256, [pixels.count]), (257, [1]), (258, Array(repeating: depth, count: bands)), (259, [1]), (262, [kind]),
      (273, [8]), (277, [bands]), (278, [1]), (279, [image.count]),
    ]
    if let extra { entries.append((338, extra)) }
    if let format { entries.append((339, Array(repeating: format, count: bands))) }
    var (rows, behind): ([UInt8], [UInt8]) = ([], [])
    let directory = 8 + image.count + image.count % 2
    let end = directory + 2 + entries.count * 12 + 4
    for (tag, values) in entries {
      let shorts = values.flatMap { number($0, 2) }
      rows += number(tag, 2) + number(3, 2) + number(values.count, 4)
      if shorts.count <= 4 {
        rows += shorts + [UInt8](repeating: 0, count: 4 - shorts.count)
      } else {
        rows += number(end + behind.count, 4)
        behind += shorts
      }
    }
    return (big ? Array("MM".utf8) : Array("II".utf8)) + number(42, 2) + number(directory, 4) + image
      + [UInt8](repeating: 0, count: image.count % 2) + number(entries.count, 2) + rows + number(0, 4) + behind
  }

  @Test(arguments: [false, true]) func floatingPointIsRefused(big: Bool) throws {
    try withFolder { folder in
      for (name, bands) in [("one", 1), ("three", 3)] {
        let path = folder + "/\(name).tif"
        for (format, isRefused) in [(1, false), (3, true)] {
          try Files.replace(
            path,
            with: Self.tiff(
              kind: bands == 1 ? 1 : 2, depth: 32, big: big, format: format,
              pixels: [Array(repeating: 0x3F00_0000, count: bands)]))
          if isRefused {
            let error = #expect(throws: RasterError.self) { try ImageConverter.pages(of: path) }
            #expect(error?.reason == "holds floating-point samples; save it with 8 or 16 bits")
          } else {
            #expect(try ImageConverter.pages(of: path) == [0])
          }
        }
      }
    }
  }

  private static let colours = [[200, 180, 160, 20], [100, 90, 80, 20], [30, 20, 10, 20]]

  @Test(
    .enabled(
      if: ["vips", "magick", "convert", "gm"].contains { ChildProcess.find($0) != nil }, "no converter is installed"),
    arguments: [[0], nil, [0, 0, 0], [2]] as [[Int]?], [8, 16])
  func bandsBesideTheColoursBleachNothing(extra: [Int]?, depth: Int) throws {
    try withFolder { folder in
      let path = folder + "/x.tif"
      let rest = Array(repeating: 20, count: (extra?.count ?? 1) - 1)
      let pixels = Self.colours.map { ($0 + rest).map { depth == 8 ? $0 : $0 * 257 } }
      try Files.replace(path, with: Self.tiff(kind: 2, depth: depth, extra: extra, pixels: pixels))
      var notes: [String] = []
      try ImageConverter.convert(path, toPNG: path + ".png") { notes.append($0) }
      let picture = try PNG.read(path: path + ".png")
      #expect(picture.width == 3 && picture.channels == 3)
      if extra == [2] {
        // Transparency it is.
        #expect(notes.isEmpty && picture.pixels[6] > 200)
      } else {
        #expect(picture.pixels.map { Int($0) } == Self.colours.flatMap { $0.prefix(3) })
        let words = extra?.count == 3 ? "3 bands" : "1 band"
        #expect(notes == ["has \(words) beside its colours (infra-red, a mask): not taken"])
      }
    }
  }

  /// ImageMagick writes the hour of the conversion unless it is told not to.
  @Test(
    .enabled(
      if: ["vips", "magick", "convert", "gm"].contains { ChildProcess.find($0) != nil }, "no converter is installed"))
  func theSamePictureIsTheSameFile() throws {
    try withFolder { folder in
      let path = folder + "/x.tif"
      try Files.replace(path, with: Self.tiff(kind: 2, pixels: Self.colours.map { Array($0.prefix(3)) }))
      try ImageConverter.convert(path, toPNG: folder + "/a.png")
      Thread.sleep(forTimeInterval: 1.1)
      try ImageConverter.convert(path, toPNG: folder + "/b.png")
      #expect(try Files.read(folder + "/a.png", limit: 1 << 20) == Files.read(folder + "/b.png", limit: 1 << 20))
    }
  }
}
