import Foundation
import Testing
import Text

@Suite struct Base64Tests {
  /// Every length about a group of three, every byte.
  @Test func saysWhatFoundationSays() {
    var state: UInt64 = 5
    for length in Array(0...70) + [4096, 9999] {
      let bytes = (0..<length).map { at -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return length == 4096 ? UInt8(at & 255) : UInt8(truncatingIfNeeded: state >> 40)
      }
      #expect(base64(bytes) == Data(bytes).base64EncodedString())
    }
  }
}
