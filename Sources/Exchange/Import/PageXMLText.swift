import Corpus
import Text
import XML

// Where PAGE keeps text: TextEquiv/Unicode (else PlainText) of a TextLine, of its Words, of their Glyphs, or of the region around it. Of several
// TextEquivs the one with the lowest index counts that is not empty; Grapheion's own, marked as Leiden+, before all. What is empty at one
// level is looked for at the next; text of a region goes to its lines where it has as many.

/// What PAGE says that a line (or word, or region) reads.
struct PageXMLText {
  /// nil for nothing.
  var text: String?
  /// Whether it is marked as Leiden+.
  var isLeiden = false
  /// False where the file gives the chance that it is right: a machine read it.
  var isCertain = true

  init(_ element: XMLElement) {
    let equivalents = RegionOrder.sorted(element.all("TextEquiv")) { $0["index"].flatMap { Int($0) }.map { [$0] } }
    let marked = equivalents.first { $0["dataTypeDetails"] == PageXMLWriter.leidenMark }
    if let marked, let text = Self.content(of: marked) {
      (self.text, isLeiden) = (text, true)
    } else {
      text = equivalents.lazy.compactMap(Self.content).first ?? Self.parts(of: element)
    }
    isCertain = equivalents.allSatisfy { $0["conf"].flatMap(Double.init) ?? 1 >= 1 }
  }

  private static func content(of equivalent: XMLElement) -> String? {
    for name in ["Unicode", "PlainText"] {
      if let text = equivalent.first(name)?.text {
        let lines = text.split(whereSeparator: \.isNewline).map { CleanText.line(String($0)) }.filter { !$0.isEmpty }
        if !lines.isEmpty { return lines.joined(separator: "\n") }
      }
    }
    return nil
  }

  /// Text of the words of a line, or of the glyphs of a word.
  private static func parts(of element: XMLElement) -> String? {
    for (name, joint) in [("Word", " "), ("Glyph", "")] {
      let parts = RegionOrder.sorted(element.all(name)) { PageXMLReader.customIndex($0["custom"]).map { [$0] } }
        .compactMap { PageXMLText($0).text }
      if !parts.isEmpty { return parts.joined(separator: joint) }
    }
    return nil
  }

  /// Gives the lines of a region the text that only the region has, line by line.
  static func handOut(_ region: XMLElement, to lines: inout [PageXMLText], _ leftOut: inout LeftOut) {
    guard !lines.isEmpty, lines.allSatisfy({ $0.text == nil }), let whole = PageXMLText(region).text else { return }
    let parts = whole.split(separator: "\n").map(String.init)
    guard parts.count == lines.count else {
      return leftOut.add(
        "regions with \(parts.count == 1 ? "running text" : "text in other lines than they have")",
        "region \(region["id"] ?? "?")")
    }
    for index in lines.indices { lines[index].text = parts[index] }
  }
}
