import Testing
import Text
import XML

@testable import Exchange

private func parse(_ text: String) throws -> XMLElement { try XMLElement.parse(Array(text.utf8), path: "t.xml") }

@Suite struct XMLTests {
  private static let document = """
    <?xml version="1.0" encoding="UTF-8"?>
    <!-- <not> an element -->
    <a:root xmlns:a="urn:a" one='1 &lt; 2' two="ὦ &#x3B1;&#946;">
      text &amp; more<![CDATA[<raw>]]>
      <a:child/><child n="2">δ</child>
    </a:root>
    <!-- end -->
    """

  @Test func elementsAttributesAndText() throws {
    let root = try parse(Self.document)
    #expect(root.name == "root" && root["one"] == "1 < 2" && root["two"] == "ὦ αβ")
    #expect(root.text.filter { !$0.isWhitespace } == "text&more<raw>")
    #expect(root.children.map(\.name) == ["child", "child"])
    #expect(root.children[1]["n"] == "2" && root.children[1].text == "δ")
  }

  @Test func everyCutIsAnErrorWithAPlace() {
    let bytes = Array(Self.document.utf8)
    let end = bytes.count - "\n<!-- end -->".utf8.count
    for length in 0..<end {
      let error = #expect(throws: ExchangeError.self) { try XMLElement.parse(Array(bytes[..<length]), path: "t.xml") }
      #expect(error?.path == "t.xml" && error?.reason.hasPrefix("line ") ?? false)
    }
  }

  @Test func mutationsNeverCrash() {
    let bytes = Array(Self.document.utf8)
    for position in bytes.indices {
      for value: UInt8 in [0, 0x3C, 0x3E, 0x26, 0x22, 0x2F, 0x21, 0x80, 0xFF] {
        var damaged = bytes
        damaged[position] = value
        do throws(ExchangeError) {
          let root = try XMLElement.parse(damaged, path: "t.xml")
          #expect(!root.text.unicodeScalars.contains { $0.value < 0x20 && ![9, 10, 13].contains($0.value) })
        } catch {
          // Another encoding is one of the whole file.
          #expect(error.path == "t.xml" && (error.reason.hasPrefix("line ") || error.code == .unsupported))
        }
      }
    }
  }

  @Test(arguments: [
    "<a><b></a></b>", "<a>\n  &nbsp;</a>", "<a x=1/>", "<a/><b/>", "hello", "<a>&#xD800;</a>", "", "<a",
    "<a>\u{1B}</a>",
  ]) func errorsSayWhere(text: String) {
    let error = #expect(throws: ExchangeError.self) { try parse(text) }
    #expect(error?.code == .damaged && error?.description.hasPrefix("t.xml: line ") ?? false)
  }

  @Test func documentsThatGrowAreRefused() {
    let error = #expect(throws: ExchangeError.self) {
      try parse("<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\">]><a>&x;</a>")
    }
    #expect(error?.code == .damaged)
    #expect(throws: Never.self) { try parse("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>") }
    let deep = String(repeating: "<a>", count: 100_000)
    #expect(throws: ExchangeError.self) { try parse(deep) }
  }

  @Test func otherEncodingsAreNamed() {
    let latin = #expect(throws: ExchangeError.self) { try parse("<?xml version='1.0' encoding='Shift_JIS'?><a/>") }
    #expect(latin?.reason == "the document is in Shift_JIS; it could be saved in UTF-8")
    let wide = #expect(throws: ExchangeError.self) { try XMLElement.parse([0xFF, 0xFE, 0x3C], path: "t.xml") }
    #expect(wide?.code == .unsupported)
  }

  @Test func hostileTextIsEscapedAndCleaned() throws {
    let hostile = "a\u{1B}[31m<b>&\"\u{202E}\u{0}\n\u{FFFE}ῶ"
    let root = try parse("<r x=\"\(XMLWriter.escaped(hostile))\">\(XMLWriter.escaped(hostile))</r>")
    #expect(root.text == "a\u{FFFD}[31m<b>&\"\u{202E}\u{FFFD}\n\u{FFFD}ῶ" && root["x"] == root.text)
    #expect(CleanText.line("  a\t\n b\u{1B}[31m\u{202E}\u{9B}c ") == "a b[31mc")
    #expect(CleanText.line(String(repeating: "x", count: 20_000)).count == 10_000)
  }

  /// Old encodings are read; what their declaration says of them counts no more.
  @Test func documentsInOtherEncodings() throws {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<a b=\"καὶ\">ἔτους 𐅵</a>"
    for isLittle in [true, false] {
      let mark: [UInt8] = isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF]
      let units = text.utf16.flatMap {
        isLittle ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)]
      }
      let element = try XMLElement.parse(mark + units, path: "t.xml")
      #expect(element["b"] == "καὶ" && element.text == "ἔτους 𐅵")
      // Cut in the middle of a unit, or of a pair.
      for cut in 1..<units.count { _ = try? XMLElement.parse(mark + units.prefix(cut), path: "t.xml") }
    }
    let latin =
      Array("<?xml version='1.0' encoding='windows-1252'?><a>f".utf8) + [0xFC, 0x72, 0x93] + Array("&#922;</a>".utf8)
    #expect(try XMLElement.parse(latin, path: "t.xml").text == "für“Κ")
    let wrong = #expect(throws: ExchangeError.self) {
      try XMLElement.parse([0xFF, 0xFE, 0x3C, 0x00, 0x00, 0xD8], path: "t.xml")
    }
    #expect(wrong?.reason.contains("UTF-16") == true)
  }
}
