import Corpus
import Raster
import XML

// FRAGMENT_N.png  photograph N of the fragment, copied
// FRAGMENT_N.xml  ALTO 4.2: a column of writing is a TextBlock, words are Strings with SP between them; pixels of the photograph. A
//                 line that somebody drew and nobody decided about has one empty word; others without a text stay out

/// Writes ALTO.
final class ALTOWriter: ExportWriter {
  private let run: ExportRun

  init(_ run: ExportRun) { self.run = run }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    try fragment.eachPage(in: try run.folder(part)) { index, image in
      document(fragment, index, image: image)
    }
  }

  func finish() throws(ExchangeError) { for part in run.parts { _ = try run.folder(part) } }

  private func document(_ fragment: ExportedFragment, _ index: Int, image: String) -> String {
    let photograph = fragment.fragment.photographs[index]
    let (width, height) = (photograph.width, photograph.height)
    var out = """
      <?xml version="1.0" encoding="UTF-8"?>
      <alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">
        <Description>
          <MeasurementUnit>pixel</MeasurementUnit>
          <sourceImageInformation><fileName>\(XMLWriter.escaped(image))</fileName></sourceImageInformation>
          <Processing ID="grapheion"><processingSoftware><softwareName>Grapheion</softwareName></processingSoftware></Processing>
        </Description>
        <Layout>
          <Page ID="page" PHYSICAL_IMG_NR="\(index)" WIDTH="\(width)" HEIGHT="\(height)">
            <PrintSpace HPOS="0" VPOS="0" WIDTH="\(width)" HEIGHT="\(height)">

      """
    let texts = fragment.texts
    let columns = fragment.columns(on: index).map { $0.filter { texts[$0.region.id] != nil || $0.isDrawn } }
    for (number, column) in columns.filter({ !$0.isEmpty }).enumerated() {
      out +=
        "        <TextBlock ID=\"b\(number)\" \(box(column.flatMap { $0.region.polygon.points }, width, height))>\n"
      for (place, line) in column.enumerated() {
        out += self.line(line.region, texts[line.region.id], id: "b\(number)l\(place)", width, height)
      }
      out += "        </TextBlock>\n"
    }
    return out + "      </PrintSpace>\n    </Page>\n  </Layout>\n</alto>\n"
  }

  private func line(_ region: LineRegion, _ line: ExportedLine?, id: String, _ width: Int, _ height: Int) -> String {
    let outline = region.polygon.points
    var out = "          <TextLine ID=\"\(id)\" \(box(outline, width, height))"
    if !region.baseline.isEmpty { out += " BASELINE=\"\(points(region.baseline, width, height))\"" }
    out += ">\n            <Shape><Polygon POINTS=\"\(points(outline, width, height))\"/></Shape>\n"
    let weight = line.map { $0.weight < 1 ? " WC=\"\(($0.weight * 1000).rounded() / 1000)\"" : "" } ?? ""
    // The schema wants a word in every line.
    let words = line?.text.split(separator: " ") ?? []
    let strings = (words.isEmpty ? [""] : words).enumerated().map {
      "<String ID=\"\(id)s\($0)\"\(weight) CONTENT=\"\(XMLWriter.escaped(String($1)))\"/>"
    }
    out += "            " + strings.joined(separator: "<SP/>") + "\n"
    return out + "          </TextLine>\n"
  }

  private func points(_ points: [Point], _ width: Int, _ height: Int) -> String {
    points.map { "\(whole($0.x, width)),\(whole($0.y, height))" }.joined(separator: " ")
  }

  private func box(_ points: [Point], _ width: Int, _ height: Int) -> String {
    let (xs, ys) = (points.map { whole($0.x, width) }, points.map { whole($0.y, height) })
    let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
    return "HPOS=\"\(left)\" VPOS=\"\(top)\" WIDTH=\"\((xs.max() ?? 0) - left)\" HEIGHT=\"\((ys.max() ?? 0) - top)\""
  }

  private func whole(_ value: Double, _ most: Int) -> Int {
    value.isFinite ? Int(min(max(value.rounded(), 0), Double(most))) : 0
  }
}
