import Corpus
import Leiden
import Raster

// PAGE XML (PRImA): PcGts/Page with imageFilename, imageWidth, imageHeight; TextRegions (nestable) with TextLines; Coords and
// Baseline as points="x,y x,y"; TextEquiv/Unicode, the one with the lowest index counts. The order of regions is
// that of the file, or ReadingOrder with ordered, unordered and indexed groups; lines stand in file order, or by the
// attribute index, or custom="readingOrder {index:3;}".

/// Reads PAGE XML.
enum PageXMLReader {
  static func read(_ root: XMLElement, path: String) throws(ExchangeError) -> PageDescription {
    guard let page = root.first("Page") else { throw ExchangeError(.damaged, path: path, "has no <Page>") }
    guard let width = page["imageWidth"].flatMap(LineShape.number),
      let height = page["imageHeight"].flatMap(LineShape.number), width > 0, height > 0
    else { throw ExchangeError(.damaged, path: path, "<Page> does not say the size of its image") }
    var description = PageDescription(
      image: page["imageFilename"].map(cleanedLine), width: width, height: height, lines: [])
    var regions = page.descendants("TextRegion")
    if let order = page.first("ReadingOrder") {
      var ranks: [String: Int] = [:]
      for id in order.children.flatMap(references) where ranks[id] == nil { ranks[id] = ranks.count }
      regions = inOrder(regions) { $0["id"].flatMap { ranks[$0] } }
    }
    var column = 0
    for region in regions {
      let lines = inOrder(region.all("TextLine")) { $0["index"].flatMap { Int($0) } ?? customIndex($0["custom"]) }
      let before = description.lines.count
      for line in lines { try add(line, column: column, to: &description, path) }
      if description.lines.count > before { column += 1 }
    }
    return description
  }

  private static func add(
    _ line: XMLElement, column: Int, to description: inout PageDescription, _ path: String
  ) throws(ExchangeError) {
    guard description.lines.count < PageDescription.lineLimit else {
      throw ExchangeError(.unsupported, path: path, "has more than \(PageDescription.lineLimit) lines")
    }
    var shape = LineShape()
    let name = line["id"] ?? "?"
    // Before 2013, Coords held Point elements.
    for (element, part) in [("Coords", \LineShape.polygon), ("Baseline", \LineShape.baseline)] {
      guard let found = line.first(element) else { continue }
      let text =
        found["points"] ?? found.all("Point").map { "\($0["x"] ?? "?"),\($0["y"] ?? "?")" }.joined(separator: " ")
      guard let points = LineShape.points(text) else {
        throw ExchangeError(.damaged, path: path, "line \(name): the points of \(element) cannot be read")
      }
      shape[keyPath: part] = points
    }
    guard let region = shape.region(number: description.lines.count, column: column) else { return }
    let texts = inOrder(line.all("TextEquiv")) { $0["index"].flatMap { Int($0) } }
    let leiden = texts.first { $0["dataTypeDetails"] == PageXMLWriter.leidenMark }
    let text =
      (leiden ?? texts.first)?.first("Unicode").map { cleanedLine($0.text) }
      // Tools that recognise word by word may leave the line without text.
      ?? words(of: line)
    description.lines.append(
      PageDescription.Line(region: region, text: text.flatMap { $0.isEmpty ? nil : $0 }, isLeiden: leiden != nil))
  }

  private static func words(of line: XMLElement) -> String? {
    let words = line.all("Word").compactMap { $0.first("TextEquiv")?.first("Unicode")?.text }
    return words.isEmpty ? nil : cleanedLine(words.joined(separator: " "))
  }

  /// The regions a group of the reading order names, in order.
  private static func references(_ element: XMLElement) -> [String] {
    let own = element["regionRef"].map { [$0] } ?? []
    return own + inOrder(element.children) { $0["index"].flatMap { Int($0) } }.flatMap(references)
  }

  /// Sorts by a key; what has none follows in the order it had.
  private static func inOrder(_ elements: [XMLElement], _ key: (XMLElement) -> Int?) -> [XMLElement] {
    elements.enumerated().map { (key($1) ?? Int.max, $0, $1) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }

  /// 3 from `readingOrder {index:3;} structure {type:heading;}`.
  private static func customIndex(_ custom: String?) -> Int? {
    guard let custom, let group = custom.split(separator: "}").first(where: { $0.contains("readingOrder") }),
      let value = group.split(separator: ":").last
    else { return nil }
    return Int(value.filter { ("0"..."9").contains($0) })
  }
}
