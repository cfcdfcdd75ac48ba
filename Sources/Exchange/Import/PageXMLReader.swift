import Corpus
import Raster
import Text
import XML

// PAGE XML (PRImA): PcGts/Page with imageFilename, imageWidth, imageHeight; regions (TextRegion, and TableRegion with Transkribus'
// TableCells, nested to any depth) with TextLines; Coords and Baseline as points="x,y x,y", before 2013 as Point elements.
// The order of regions is that of ReadingOrder with its ordered, unordered and indexed groups, or
// What type="marginalia" and custom="grapheion {part:verso; hand:2;}" say of a region is kept of its lines. custom="readingOrder {index:3;}" among siblings, or row and column of cells, or that of the file (`RegionOrder`); lines by the attribute
// index or custom likewise. Text: see PageXMLText. orientation: how far clockwise a page or region must be turned to lie level.

/// Reads PAGE XML.
enum PageXMLReader {
  static func read(_ root: XMLElement, path: String) throws(ExchangeError) -> PageDescription {
    guard let page = root.first("Page") else { throw ExchangeError(.damaged, path: path, "has no <Page>") }
    // Where it does not say the size of its image, its numbers are pixels of the photograph.
    let isSized = page["imageWidth"] != nil || page["imageHeight"] != nil
    let (width, height) = (page["imageWidth"].flatMap(LineShape.number), page["imageHeight"].flatMap(LineShape.number))
    guard !isSized || min(width ?? 0, height ?? 0) > 0 else {
      throw ExchangeError(.damaged, path: path, "<Page> does not say the size of its image")
    }
    var description = PageDescription(
      image: page["imageFilename"].map(CleanText.line), width: width ?? 0, height: height ?? 0)
    let listed = page.first("ReadingOrder").map { $0.children.flatMap(references) } ?? []
    let order = RegionOrder(listed: listed, idName: "id") { customIndex($0["custom"]).map { [$0] } ?? cell($0) }
    let turns = orientations(of: page)
    var column = 0
    for region in order.holders(of: "TextLine", in: page) {
      let lines = RegionOrder.sorted(region.all("TextLine")) {
        ($0["index"].flatMap { Int($0) } ?? customIndex($0["custom"])).map { [$0] }
      }
      let before = description.lines.count
      var texts = lines.map(PageXMLText.init)
      PageXMLText.handOut(region, to: &texts, &description.leftOut)
      let turn = region["id"].flatMap { turns[$0] } ?? page["orientation"].flatMap(LineShape.number)
      for (line, text) in zip(lines, texts) {
        let name = line["id"] ?? "?"
        let shape = shape(of: line, turn)
        // What Grapheion itself read and nobody looked at is no decision when it comes back.
        let isTaken = text.isCertain || !root.isOwnExport
        if !isTaken { description.leftOut.add("readings of a model that nobody has decided about", "line \(name)") }
        try description.add(
          shape, name: name, column: column, text: isTaken ? text.text.map(CleanText.line) : nil,
          isLeiden: text.isLeiden, path: path)
      }
      let part = customValue("grapheion", "part", region["custom"]).flatMap(LineRegion.Part.init(rawValue:))
      let isMargin = [region["type"], customValue("structure", "type", region["custom"])].contains("marginalia")
      let hand = customValue("grapheion", "hand", region["custom"]).flatMap { Int($0) }
      for index in before..<description.lines.count {
        description.lines[index].region.part = part ?? (isMargin ? .margin : nil)
        description.lines[index].region.hand = hand.flatMap { (2...LineRegion.mostHands).contains($0) ? $0 : nil }
      }
      if description.lines.count > before { column += 1 }
    }
    for region in page.descendants("TextRegion") + page.descendants("TableCell")
    where region.descendants("TextLine").isEmpty {
      if PageXMLText(region).text != nil {
        description.leftOut.add("regions with text but without lines", "region \(region["id"] ?? "?")")
      }
    }
    let pages = root.all("Page").dropFirst()
    description.leftOut.add("pages after the first", "", count: pages.count)
    return description
  }

  private static func shape(of line: XMLElement, _ turn: Double?) -> LineShape {
    var shape = LineShape()
    shape.rotation = turn
    for (element, part) in [("Coords", \LineShape.polygon), ("Baseline", \LineShape.baseline)] {
      guard let found = line.first(element) else { continue }
      if let points = points(of: found) { shape[keyPath: part] = points } else { shape.unreadable = element }
    }
    if shape.polygon.count < 3, shape.baseline.count < 2 {
      // A line without a place of its own lies where its words lie.
      let words = line.all("Word").compactMap { $0.first("Coords").flatMap(points) }.flatMap(\.self)
      if let first = words.first {
        shape.box = words.reduce((first.x, first.y, first.x, first.y)) {
          (min($0.0, $1.x), min($0.1, $1.y), max($0.2, $1.x), max($0.3, $1.y))
        }
      }
    }
    return shape
  }

  /// As an attribute or, before 2013, as elements; nil for what is no list of numbers.
  private static func points(of element: XMLElement) -> [Point]? {
    LineShape.points(
      element["points"]
        ?? element.all("Point").map { "\($0["x"] ?? "?"),\($0["y"] ?? "?")" }.joined(separator: " "))
  }

  /// What regions say about how they lie; an inner region that says nothing lies as the one around it.
  private static func orientations(of page: XMLElement) -> [String: Double] {
    var found: [String: Double] = [:]
    func walk(_ element: XMLElement, _ inherited: Double?) {
      for child in element.children where child.name != "TextLine" {
        let own = child["orientation"].flatMap(LineShape.number) ?? inherited
        if let own, let id = child["id"] { found[id] = own }
        walk(child, own)
      }
    }
    walk(page, page["orientation"].flatMap(LineShape.number))
    return found
  }

  /// The regions a group of the reading order names, in order.
  private static func references(_ element: XMLElement) -> [String] {
    let own = element["regionRef"].map { [$0] } ?? []
    return own
      + RegionOrder.sorted(element.children) { $0["index"].flatMap { Int($0) }.map { [$0] } }.flatMap(references)
  }

  /// Row and column of a cell: Transkribus' attributes, or the role that PAGE 2019 gives a region within a table.
  private static func cell(_ element: XMLElement) -> [Int]? {
    let role = element.first("Roles")?.first("TableCellRole")
    guard let row = (element["row"] ?? role?["rowIndex"]).flatMap({ Int($0) }),
      let column = (element["col"] ?? role?["columnIndex"]).flatMap({ Int($0) })
    else { return nil }
    return [row, column]
  }

  /// 3 from `readingOrder {index:3;} structure {type:heading;}`.
  static func customIndex(_ custom: String?) -> Int? {
    customValue("readingOrder", "index", custom).flatMap { Int($0) }
  }

  /// `3` as `index` of `readingOrder` from the same.
  private static func customValue(_ name: String, _ member: String, _ custom: String?) -> String? {
    guard let custom else { return nil }
    for group in custom.split(separator: "}") {
      let parts = group.split(separator: "{", maxSplits: 1)
      guard parts.count == 2, parts[0].filter({ !$0.isWhitespace }) == name else { continue }
      for pair in parts[1].split(separator: ";") {
        let words = pair.split(separator: ":").map { $0.filter { !$0.isWhitespace } }
        if words.count == 2, words[0] == member { return words[1] }
      }
    }
    return nil
  }
}
