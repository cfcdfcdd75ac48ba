import Corpus
import Leiden
import Raster

// ALTO (Library of Congress), versions 2 to 4: alto/Layout/Page with WIDTH and HEIGHT; PrintSpace and margins hold TextBlocks
// (ComposedBlocks nest them) with TextLines; Shape/Polygon POINTS and BASELINE as "x,y x,y" or "x y x y", BASELINE also as
// a single y; Strings with CONTENT, joined by SP. Units are pixels, or tenths of a millimetre and 1200ths of an inch, which are
// brought to pixels by the size of the photograph. Blocks stand in file order, or as ReadingOrder or IDNEXT say.

/// Reads ALTO.
enum ALTOReader {
  static func read(_ root: XMLElement, path: String) throws(ExchangeError) -> PageDescription {
    guard let page = root.first("Layout")?.first("Page") else {
      throw ExchangeError(.damaged, path: path, "has no <Page>")
    }
    let blocks = ordered(page.descendants("TextBlock"), by: page.first("ReadingOrder") ?? root.first("ReadingOrder"))
    let space = page.first("PrintSpace")
    guard let width = (page["WIDTH"] ?? space?["WIDTH"]).flatMap(LineShape.number),
      let height = (page["HEIGHT"] ?? space?["HEIGHT"]).flatMap(LineShape.number), width > 0, height > 0
    else { throw ExchangeError(.damaged, path: path, "<Page> does not say its size") }
    let source = root.first("Description")?.first("sourceImageInformation")?.first("fileName")?.text
    var description = PageDescription(
      image: source.map(cleanedLine), width: width, height: height, lines: [])
    var column = 0
    for block in blocks {
      let before = description.lines.count
      for line in block.all("TextLine") { try add(line, column: column, to: &description, path) }
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
    let name = line["ID"] ?? "?"
    var shape = LineShape()
    if let left = line["HPOS"].flatMap(LineShape.number), let top = line["VPOS"].flatMap(LineShape.number),
      let width = line["WIDTH"].flatMap(LineShape.number), let height = line["HEIGHT"].flatMap(LineShape.number)
    {
      shape.box = (left, top, left + width, top + height)
    }
    if let points = line.first("Shape")?.first("Polygon")?["POINTS"] {
      guard let polygon = LineShape.points(points) else {
        throw ExchangeError(.damaged, path: path, "line \(name): the points of its polygon cannot be read")
      }
      shape.polygon = polygon
    }
    if let baseline = line["BASELINE"] {
      if let y = LineShape.number(baseline) {
        shape.baseline = [Point(x: shape.box?.left ?? 0, y: y)]
        if let box = shape.box { shape.baseline.append(Point(x: box.right, y: y)) }
      } else if let points = LineShape.points(baseline) {
        shape.baseline = points
      } else {
        throw ExchangeError(.damaged, path: path, "line \(name): the points of its baseline cannot be read")
      }
    }
    guard let region = shape.region(number: description.lines.count, column: column) else { return }
    var text = ""
    for child in line.children {
      switch child.name {
      case "String": text += child["CONTENT"] ?? ""
      case "SP": text += " "
      case "HYP": text += child["CONTENT"] ?? "-"
      default: break
      }
    }
    text = cleanedLine(text)
    description.lines.append(
      PageDescription.Line(region: region, text: text.isEmpty ? nil : text, isLeiden: false))
  }

  /// Blocks as ReadingOrder lists them, else along IDNEXT, else as they stand; what neither names follows.
  private static func ordered(_ blocks: [XMLElement], by order: XMLElement?) -> [XMLElement] {
    var ids: [String] = order.map { $0.descendants("ElementRef").compactMap { $0["REF"] } } ?? []
    if ids.isEmpty {
      var next: [String: String] = [:]
      for block in blocks { if let id = block["ID"], let follower = block["IDNEXT"] { next[id] = follower } }
      guard !next.isEmpty else { return blocks }
      let followers = Set(next.values)
      var seen: Set<String> = []
      // Chains begin at blocks that follow none.
      for block in blocks {
        guard let start = block["ID"], !followers.contains(start) else { continue }
        var id: String? = start
        while let current = id, seen.insert(current).inserted {
          ids.append(current)
          id = next[current]
        }
      }
    }
    var ranks: [String: Int] = [:]
    for id in ids where ranks[id] == nil { ranks[id] = ranks.count }
    return blocks.enumerated().map { ($1["ID"].flatMap { ranks[$0] } ?? Int.max, $0, $1) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }
}
