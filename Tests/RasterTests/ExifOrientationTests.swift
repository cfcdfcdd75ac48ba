import Foundation
import Testing

@testable import Raster

@Suite struct ExifOrientationTests {
  /// A TIFF directory with the tag, least or greatest byte first.
  private func tiff(_ value: UInt8, little: Bool) -> [UInt8] {
    little
      ? Array("II".utf8) + [42, 0, 8, 0, 0, 0, 2, 0] + [0, 1, 4, 0, 1, 0, 0, 0, 9, 0, 0, 0]
        + [0x12, 1, 3, 0, 1, 0, 0, 0, value, 0, 0, 0]
      : Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1] + [1, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0]
  }

  private func jpeg(_ exif: [UInt8]) -> [UInt8] {
    let content = Array("Exif\0\0".utf8) + exif
    return [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xE1, 0, UInt8(content.count + 2)] + content + [0xFF, 0xDA, 0, 2]
  }

  @Test(arguments: 0...9) func readFromJPEGAndTIFF(value: Int) {
    let expected = ExifOrientation(rawValue: value) ?? .upright
    for little in [true, false] {
      let bytes = tiff(UInt8(value), little: little)
      #expect(ExifOrientation(ofFileBeginning: bytes) == expected)
      #expect(ExifOrientation(ofFileBeginning: jpeg(bytes)) == expected)
    }
  }

  @Test(arguments: 1...8) func pixelsGoWherePointsGo(value: Int) throws {
    let orientation = try #require(ExifOrientation(rawValue: value))
    for channels in [1, 3] {
      let picture = Bitmap(
        width: 4, height: 3, channels: channels, pixels: (0..<12 * channels).map { UInt8($0) })
      let turned = orientation.upright(picture)
      #expect(turned.width == (orientation.isSideways ? 3 : 4))
      for y in 0..<3 {
        for x in 0..<4 {
          let place = orientation.upright(Point(x: Double(x) + 0.5, y: Double(y) + 0.5), width: 4, height: 3)
          let there = (Int(place.y) * turned.width + Int(place.x)) * channels
          #expect(turned.pixels[there] == picture.pixels[(y * 4 + x) * channels])
        }
      }
    }
  }

  /// A PNG says it in a chunk, before or after the picture.
  @Test func aPNGThatLiesOnItsSideIsTurned() throws {
    let whole = PNG.encode(
      Bitmap(width: 4, height: 3, channels: 1, pixels: (0..<12).map { UInt8(20 * $0) }))
    let content = tiff(6, little: false)
    let length = [0, 0, 0, UInt8(content.count)]
    // Nobody looks at the checksum of what is no picture.
    let chunk = length.map { UInt8($0) } + Array("eXIf".utf8) + content + [0, 0, 0, 0]
    for place in [33, whole.count - 12] {
      let path = NSTemporaryDirectory() + "/grapheion-exif-\(UUID().uuidString).png"
      try Data(whole[..<place] + chunk + whole[place...]).write(to: URL(fileURLWithPath: path))
      #expect(try ImageConverter.orientation(of: path) == .quarterClockwise)
      try ImageConverter.convert(path, toPNG: path + ".png")
      let turned = try PNG.read(path: path + ".png")
      #expect(turned.width == 3 && turned.height == 4 && turned.pixels[0] == 160 && turned.pixels[2] == 0)
    }
    let path = NSTemporaryDirectory() + "/grapheion-exif-\(UUID().uuidString).png"
    try Data(whole).write(to: URL(fileURLWithPath: path))
    #expect(try ImageConverter.orientation(of: path) == .upright)
  }

  @Test func cutAndMutatedBytesSayNothingWrong() {
    for whole in [tiff(6, little: true), jpeg(tiff(6, little: false))] {
      for count in whole.indices {
        let cut = ExifOrientation(ofFileBeginning: Array(whole[..<count]))
        #expect(cut == .upright || count > whole.count - 8)
        for value: UInt8 in [0, 0x7F, 0xFF] {
          var damaged = whole
          damaged[count] = value
          _ = ExifOrientation(ofFileBeginning: damaged)
        }
      }
    }
  }

  @Test func aPointGoesWhereThePictureTakesIt() {
    let point = Point(x: 3, y: 1)
    let places = (1...8).map { ExifOrientation(rawValue: $0)!.upright(point, width: 10, height: 5) }
    #expect(
      places.map { [$0.x, $0.y] } == [
        [3, 1], [7, 1], [7, 4], [3, 4], [1, 3], [4, 3], [4, 7], [1, 7],
      ])
  }
}
