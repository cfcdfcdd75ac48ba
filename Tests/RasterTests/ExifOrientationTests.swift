import Raster
import Testing

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
