import Foundation
import Testing

@testable import Text

@Suite struct TextEncodingTests {
  private let text = "Inv.\tΤόπος\r\n1\tΆβυδος 𐅵\r\n"

  private func utf16(_ text: String, isLittle: Bool, hasMark: Bool = true) -> [UInt8] {
    ((hasMark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit -> [UInt8] in
      let (low, high) = (UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8))
      return isLittle ? [low, high] : [high, low]
    }
  }

  /// Greek as before Unicode; only what both encodings have at the same place.
  private func greek(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { $0.value < 0x80 ? UInt8($0.value) : UInt8($0.value - 0x0384 + 0xB4) }
  }

  @Test func whatSaysWhatItIsIsRead() throws {
    for bytes in [
      Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), utf16(text, isLittle: true),
      utf16(text, isLittle: false),
    ] {
      #expect(String(decoding: try TextEncoding.utf8(bytes), as: UTF8.self) == text)
    }
    #expect(try TextEncoding.utf8([]).isEmpty && TextEncoding.utf8([0xFF, 0xFE]).isEmpty)
  }

  private func fault(_ bytes: [UInt8]) -> String {
    do throws(TextEncoding.Fault) {
      _ = try TextEncoding.utf8(bytes)
      return ""
    } catch { return "\(error)" }
  }

  @Test func whatDoesNotIsRefusedWithItsRowAndTheWayOut() {
    func words(_ line: Int, _ encoding: String) -> String {
      "line \(line): is not text in UTF-8, but as if in \(encoding); save it so, or: iconv -f \(encoding) -t UTF-8 OLD > NEW"
    }
    #expect(fault(greek("inv\tplace\n5\tΚερκη\n")) == words(2, "WINDOWS-1253"))
    #expect(fault(greek("inv\tplace\n5\tx\n6\t") + [0xB6] + greek("βυδος")) == words(3, "ISO-8859-7"))
    #expect(fault(greek("inv\tplace\n5\tx\n6\t") + [0xA2] + greek("βυδος")) == words(3, "WINDOWS-1253"))
    // `für`, `Élève`, and a dash as spreadsheets write it.
    for word: [UInt8] in [[0x66, 0xFC, 0x72], [0xC9, 0x6C, 0xE8, 0x76, 0x65], [0x31, 0x96, 0x32]] {
      #expect(fault(Array("inv\n5\n".utf8) + word) == words(3, "WINDOWS-1252"))
    }
    #expect(fault(utf16(text, isLittle: true, hasMark: false)) == words(1, "UTF-16LE"))
    #expect(fault(utf16(text, isLittle: false, hasMark: false)) == words(1, "UTF-16BE"))
    #expect(fault(Array("a,b\nc\0d,e and so on\n".utf8)) == "line 2: is not text in UTF-8; save it so")
    for cut in [Array(utf16(text, isLittle: true).dropLast()), [0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00]] {
      #expect(fault(cut) == "begins as text in UTF-16 and is none to its end; save it as UTF-8")
    }
  }

  /// Whatever the bytes: text in UTF-8 without a zero, or a fault.
  @Test func anyBytesAreTextOrRefused() {
    var state: UInt64 = 7
    for round in 0..<2000 {
      let bytes = (0..<round % 40).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
      }
      for start: [UInt8] in [[], [0xFF, 0xFE], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF]] {
        if let text = try? TextEncoding.utf8(start + bytes) {
          #expect(String(validating: text, as: UTF8.self) != nil && !text.contains(0))
        }
      }
    }
  }
}
