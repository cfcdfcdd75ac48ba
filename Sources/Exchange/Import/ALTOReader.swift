import Corpus
import Raster
import Text
import XML

// ALTO (Library of Congress), versions 2 to 4: alto/Layout/Page with WIDTH and HEIGHT; PrintSpace and margins hold TextBlocks
// (ComposedBlocks nest them) with TextLines; Shape/Polygon POINTS and BASELINE as "x,y x,y" or "x y x y", BASELINE also as
// a single y. Strings with CONTENT, or Glyphs in them, joined by SP; where a line has no SP, each String is a word. HYP is a hyphen.
// MeasurementUnit: pixels, or tenths of a millimetre and 1200ths of an inch, which the size of the page brings to pixels. A page that gives
// no size gives pixels of its image as they are; PrintSpace is a part of the page and says nothing about its size, unless it begins in
// its corner. Order: ReadingOrder (of blocks and lines), else IDNEXT, else as in the file (`RegionOrder`). ROTATION: degrees anticlockwise.

/// Reads ALTO: the first page of a file; others are counted as left out.
enum ALTOReader {
  static func read(_ root: XMLElement, path: String) throws(ExchangeError) -> PageDescription {
    guard let page = root.first("Layout")?.first("Page") else {
      throw ExchangeError(.damaged, path: path, "has no <Page>")
    }
    let head = root.first("Description")
    let (width, height) = size(of: page)
    var description = PageDescription(
      image: head?.first("sourceImageInformation")?.first("fileName").map { CleanText.line($0.text) }, width: width,
      height: height)
    let unit = head?.first("MeasurementUnit").map { CleanText.line($0.text).lowercased() } ?? "pixel"
    if unit == "mm10" || unit == "inch1200" { description.unit = .length }
    if width == 0, description.unit == .length {
      throw ExchangeError(.damaged, path: path, "<Page> does not say its size, and \(unit) are no pixels without it")
    }
    let listed = (page.first("ReadingOrder") ?? root.descendants("ReadingOrder").first).map(references) ?? chain(page)
    let order = RegionOrder(listed: listed, idName: "ID")
    let turns = rotations(of: page)
    var column = 0
    for block in order.holders(of: "TextLine", in: page) {
      let before = description.lines.count
      for line in RegionOrder.sorted(block.all("TextLine"), by: { order.rank(of: $0).map { [$0] } }) {
        let name = line["ID"] ?? "?"
        var shape = shape(of: line)
        shape.rotation = block["ID"].flatMap { turns[$0] }
        // As in PAGE: what Grapheion itself read and nobody looked at.
        let isTaken =
          !root.isOwnExport || line.all("String").allSatisfy { $0["WC"].flatMap(Double.init) ?? 1 >= 1 }
        if !isTaken { description.leftOut.add("readings of a model that nobody has decided about", "line \(name)") }
        try description.add(
          shape, name: name, column: column, text: isTaken ? text(of: line) : nil, isLeiden: false, path: path)
      }
      if description.lines.count > before { column += 1 }
    }
    let further = root.first("Layout")!.all("Page").dropFirst()
    description.leftOut.add("pages after the first", "", count: further.count)
    return description
  }

  /// Width and height of the page; 0 where it says none.
  private static func size(of page: XMLElement) -> (Double, Double) {
    func size(_ element: XMLElement) -> (Double, Double)? {
      guard let width = element["WIDTH"].flatMap(LineShape.number), width > 0,
        let height = element["HEIGHT"].flatMap(LineShape.number), height > 0
      else { return nil }
      return (width, height)
    }
    if let own = size(page) { return own }
    guard let space = page.first("PrintSpace"),
      ["HPOS", "VPOS"].allSatisfy({ (space[$0].flatMap(LineShape.number) ?? 0) == 0 })
    else { return (0, 0) }
    return size(space) ?? (0, 0)
  }

  private static func shape(of line: XMLElement) -> LineShape {
    var shape = LineShape()
    // Some tools leave a line's own box empty.
    shape.box =
      box(of: line).flatMap { $0.right > $0.left && $0.bottom > $0.top ? $0 : nil }
      ?? union(line.children.compactMap { $0.name == "String" ? box(of: $0) : nil })
    if let points = line.first("Shape")?.first("Polygon")?["POINTS"] {
      if let polygon = LineShape.points(points) { shape.polygon = polygon } else { shape.unreadable = "Polygon" }
    }
    if let baseline = line["BASELINE"] {
      if let y = LineShape.number(baseline) {
        shape.baseline = [Point(x: shape.box?.left ?? 0, y: y)]
        if let box = shape.box { shape.baseline.append(Point(x: box.right, y: y)) }
      } else if let points = LineShape.points(baseline) {
        shape.baseline = points
      } else {
        shape.unreadable = "BASELINE"
      }
    }
    return shape
  }

  private typealias Box = (left: Double, top: Double, right: Double, bottom: Double)

  private static func box(of element: XMLElement) -> Box? {
    let sides = ["HPOS", "VPOS", "WIDTH", "HEIGHT"].compactMap { element[$0].flatMap(LineShape.number) }
    return sides.count == 4 ? (sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3]) : nil
  }

  private static func union(_ boxes: [Box]) -> Box? {
    guard var all = boxes.first else { return nil }
    for box in boxes {
      all = (
        min(all.left, box.left), min(all.top, box.top), max(all.right, box.right), max(all.bottom, box.bottom)
      )
    }
    return all
  }

  private static func text(of line: XMLElement) -> String {
    let isSpaced = line.children.contains { $0.name == "SP" }
    var text = ""
    for child in line.children {
      switch child.name {
      case "String":
        if !isSpaced, !text.isEmpty { text += " " }
        let content = child["CONTENT"] ?? ""
        text += content.isEmpty ? child.all("Glyph").compactMap { $0["CONTENT"] }.joined() : content
      case "SP": text += " "
      case "HYP": text += child["CONTENT"].flatMap { $0.isEmpty || $0 == "\u{AD}" ? nil : $0 } ?? "-"
      default: break
      }
    }
    return CleanText.line(text)
  }

  /// What blocks say about how they lie; one that says nothing lies as the one around it.
  private static func rotations(of page: XMLElement) -> [String: Double] {
    var found: [String: Double] = [:]
    func walk(_ element: XMLElement, _ inherited: Double?) {
      for child in element.children where child.name != "TextLine" {
        let own = child["ROTATION"].flatMap(LineShape.number) ?? inherited
        if let own, let id = child["ID"] { found[id] = own }
        walk(child, own)
      }
    }
    walk(page, nil)
    return found
  }

  /// What a ReadingOrder names, in order.
  private static func references(_ order: XMLElement) -> [String] {
    order.children.flatMap { child in (child["REF"].map { [$0] } ?? []) + references(child) }
  }

  /// Blocks along IDNEXT. Chains begin at blocks that follow none.
  private static func chain(_ page: XMLElement) -> [String] {
    let blocks = page.descendants("ComposedBlock") + page.descendants("TextBlock")
    var next: [String: String] = [:]
    for block in blocks { if let id = block["ID"], let follower = block["IDNEXT"] { next[id] = follower } }
    guard !next.isEmpty else { return [] }
    let followers = Set(next.values)
    var ids: [String] = []
    var seen: Set<String> = []
    for block in page.descendants("TextBlock") {
      guard let start = block["ID"], !followers.contains(start) else { continue }
      var id: String? = start
      while let current = id, seen.insert(current).inserted {
        ids.append(current)
        id = next[current]
      }
    }
    return ids
  }
}
