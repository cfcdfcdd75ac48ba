import Testing
import Text

@Suite struct UTF8ScalarsTests {
  private func scalars(_ bytes: [UInt8]) -> [UInt32] {
    // A slice that does not begin at 0, with bytes behind it that are none of its own.
    let all = [0x41] + bytes + [0xBF, 0xBF, 0xBF]
    let slice = all[1..<1 + bytes.count]
    var at = slice.startIndex
    var found: [UInt32] = []
    while let scalar = UTF8Scalars.next(slice, &at) { found.append(scalar) }
    #expect(at == slice.endIndex)
    return found
  }

  @Test func wholeScalars() {
    let text = "aΩᾧ𐅵|"
    #expect(scalars(Array(text.utf8)) == text.unicodeScalars.map(\.value))
  }

  /// The first two bytes of `ᾱ` were once taken for a bar, and what came next was read beyond the end.
  @Test func bytesThatAreNoneAreSteppedOver() {
    #expect(scalars([0xE1, 0xBC]) == [])
    #expect(scalars([0xE1, 0xBC, 0x7C]) == [0x7C])
    #expect(scalars([0x80, 0xCE, 0x61, 0xFF, 0xC0, 0xF5, 0x62]) == [0x61, 0x62])
    for first in UInt8.min...UInt8.max {
      for second in stride(from: UInt8.min, to: 255, by: 5) { _ = scalars([first, second]) }
    }
  }
}
