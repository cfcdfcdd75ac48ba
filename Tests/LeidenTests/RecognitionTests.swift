import Testing

@testable import Leiden

/// XML is told from Leiden+, and what a file's maker put around the text is no text.
@Suite struct RecognitionTests {
  @Test(arguments: [
    "<lg><l n=\"1\">μῆνιν</l></lg>", "<?oxygen RNGSchema=\"x\"?>\n<TEI><text/></TEI>", "<body><ab>καὶ</ab></body>",
    "<ab n=\"1\"><lb n=\"1\"/>καὶ</ab>", "<supplied reason=\"lost\">κα</supplied>ὶ", "κα<unclear>ὶ</unclear>", "<lb/>",
    "\u{FEFF}<?xml version=\"1.0\"?><a/>", "\r\n <!-- <κα> --><a/>", "<!DOCTYPE TEI><TEI/>", "<tei:ab >α</tei:ab >",
    "<lb />",
    "<gap\nreason='lost'/>",
  ])
  func isXML(_ text: String) { #expect(EpiDocDocument.isXML(Array(text.utf8))) }

  @Test(arguments: [
    "", "καὶ", "1. κα[ὶ", "<S=.grc<=1. α=>", "<=α=>", "<D=.r<=α=>=D>", "<κα>", "<et> cetera", "<et\\ab/>", "<et \\ab/>",
    "<?lg?><?l n=\"1\"?>μῆνιν<?/l?><?/lg?>", "<?body?><?div type=\"edition\"?><=1. καὶ=><?/div?><?/body?>", "<#ιβ=12#>",
    "<:a|reg|b:>", "<|α|>", "<?", "a < b", "<a", "<?!<a>b</a>?>κ",
  ])
  func isLeiden(_ text: String) { #expect(!EpiDocDocument.isXML(Array(text.utf8))) }

  @Test func windowsFilesAreTheSameText() {
    let text = "<S=.grc<=\n1. κα\u{323}[ὶ\n2. τ]ὸν\n=>\n"
    let plain = LeidenText.parse(leidenBytes: Array(text.utf8))
    let windows = LeidenText.parse(leidenBytes: Array(("\u{FEFF}" + text.replacing("\n", with: "\r\n")).utf8))
    #expect(plain.errors.isEmpty && windows.errors.isEmpty)
    #expect(windows.text == plain.text && windows.text.epidoc == plain.text.epidoc)
    let wrong = "1. κα\n2. τ]ὸν\n3. [α"
    let (one, other) = (
      LeidenText.parse(leiden: wrong).errors, LeidenText.parse(leiden: wrong.replacing("\n", with: "\r\n")).errors
    )
    #expect(one.count == 2 && one == other)
  }

  @Test func prefixesAreNoMatter() throws {
    let plain = """
      <TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><div type="edition"><ab><lb n="1"/>κα<supplied reason="lost">ὶ</supplied>\
      </ab></div></body></text></TEI>
      """
    let prefixed = plain.replacing("</", with: "</t:").replacing(#/<(?=[A-Za-z])/#, with: "<t:").replacing(
      "</t:t:", with: "</t:"
    )
    .replacing("xmlns=", with: "xmlns:t=")
    #expect(prefixed.contains("<t:lb") && prefixed.contains("</t:TEI>"))
    let (one, other) = try (
      EpiDocDocument.edition(in: Array(plain.utf8)), EpiDocDocument.edition(in: Array(prefixed.utf8))
    )
    #expect(one == other && one.leiden == other.leiden)
    // A new edition goes into the document under the document's prefix.
    let document = try EpiDocDocument(bytes: Array(prefixed.utf8))
    let changed = document.replacing(edition: LeidenText.parse(leiden: "<S=<=1. τὸν=>").text).written()
    #expect(try EpiDocDocument.edition(in: changed).leiden == "<S=<=1. τὸν=>")
    #expect(String(decoding: changed, as: UTF8.self).contains("<t:lb n=\"1\"/>τὸν"))
  }
}
