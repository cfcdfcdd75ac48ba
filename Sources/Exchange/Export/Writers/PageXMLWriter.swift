import Corpus
import Platform
import Raster
import XML

// FRAGMENT_N.png  photograph N of the fragment, copied
// FRAGMENT_N.xml  PAGE XML 2019-07-15 (PRImA); imageFilename names the file beside it
//
// A column of writing is a TextRegion, in reading order; so is what stands in a margin (type="marginalia") or is of another hand, which custom says:
// "grapheion {part:margin; hand:2;}". A decided line has two TextEquivs: index 0 the diplomatic letters,
// which training tools take (or another layer that was asked for); index 1 the Leiden+, with dataTypeDetails="Leiden+". Lines nobody decided about
// have none; a photograph goes out where a line has a text or was drawn by somebody. custom="readingOrder {index:n;}" stands on regions and lines for those who read no ReadingOrder.

/// Writes PAGE XML.
final class PageXMLWriter: ExportWriter {
  /// What marks a text as Leiden+.
  static let leidenMark = "Leiden+"

  /// How many TextEquivs a line has: kraken 7 takes whichever comes first, others look at the index.
  enum Readings { case all, first }

  private let run: ExportRun
  private let readings: Readings

  init(_ run: ExportRun, readings: Readings) {
    self.run = run
    self.readings = readings
  }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    try fragment.eachPage(in: try run.folder(part)) { index, image throws(ExchangeError) in
      let changed: Int64
      do throws(CorpusError) {
        changed = try fragment.store.corrections(of: fragment.fragment.id).last?.time ?? 0
      } catch {
        throw ExchangeError(error)
      }
      return document(
        fragment.fragment, fragment.fragment.photographs[index], image: image, columns: fragment.columns(on: index),
        texts: fragment.texts, changed: changed)
    }
  }

  func finish() throws(ExchangeError) { for part in run.parts { _ = try run.folder(part) } }

  /// The document of one photograph. The same lines give the same bytes.
  /// - Parameter changed: when the newest decision was made, microseconds since 1970.
  private func document(
    _ fragment: Fragment, _ photograph: Photograph, image: String, columns: [[LineState]],
    texts: [String: ExportedLine], changed: Int64
  ) -> String {
    var out = """
      <?xml version="1.0" encoding="UTF-8"?>
      <PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">
        <Metadata>
          <Creator>Grapheion</Creator>
          <Created>\(seconds(changed))</Created>
          <LastChange>\(seconds(changed))</LastChange>

      """
    let known: [(String, String?)] = [
      ("fragment", fragment.id), ("title", fragment.title), ("TM", fragment.identifiers.tm),
      ("HGV", fragment.identifiers.hgv), ("DDbDP", fragment.identifiers.ddbdp),
      ("inventory", fragment.identifiers.inventory), ("rights", fragment.rights),
    ]
    for (name, value) in known {
      guard let value, !value.isEmpty else { continue }
      out += "    <MetadataItem type=\"other\" name=\"\(name)\" value=\"\(attribute(value))\"/>\n"
    }
    out += "  </Metadata>\n"
    let (width, height) = (photograph.width, photograph.height)
    out += "  <Page imageFilename=\"\(attribute(image))\" imageWidth=\"\(width)\" imageHeight=\"\(height)\">\n"
    if !columns.isEmpty {
      out += "    <ReadingOrder>\n      <OrderedGroup id=\"order\">\n"
      for index in columns.indices {
        out += "        <RegionRefIndexed index=\"\(index)\" regionRef=\"r\(index)\"/>\n"
      }
      out += "      </OrderedGroup>\n    </ReadingOrder>\n"
    }
    for (index, column) in columns.enumerated() {
      let corners = column.flatMap { $0.region.polygon.points + $0.region.baseline }
      let (part, hand) = (column[0].region.part, column[0].region.hand)
      let type = part == .margin ? "marginalia" : "paragraph"
      let said = [part.map { "part:\($0.rawValue);" }, hand.map { "hand:\($0);" }].compactMap { $0 }
      let own = said.isEmpty ? "" : " grapheion {\(said.joined(separator: " "))}"
      out += "    <TextRegion id=\"r\(index)\" type=\"\(type)\" custom=\"readingOrder {index:\(index);}\(own)\">\n"
      out += "      <Coords points=\"\(points(box(around: corners), width, height))\"/>\n"
      for (number, line) in column.enumerated() {
        out += self.line(line, number, id: "r\(index)l\(number)", texts[line.region.id], width, height)
      }
      out += "    </TextRegion>\n"
    }
    return out + "  </Page>\n</PcGts>\n"
  }

  private func line(
    _ line: LineState, _ number: Int, id: String, _ text: ExportedLine?, _ width: Int, _ height: Int
  ) -> String {
    let outline =
      line.region.polygon.points.count > 2
      ? line.region.polygon.points : box(around: line.region.polygon.points + line.region.baseline)
    var out =
      "      <TextLine id=\"\(id)\" custom=\"readingOrder {index:\(number);} grapheion {line:\(attribute(line.region.id));}\">\n"
    out += "        <Coords points=\"\(points(outline, width, height))\"/>\n"
    if !line.region.baseline.isEmpty {
      out += "        <Baseline points=\"\(points(line.region.baseline, width, height))\"/>\n"
    }
    if let text {
      if !text.text.isEmpty {
        let weight = text.weight < 1 ? " conf=\"\((text.weight * 1000).rounded() / 1000)\"" : ""
        out +=
          "        <TextEquiv index=\"0\"\(weight)><Unicode>\(XMLWriter.escaped(text.text))</Unicode></TextEquiv>\n"
      }
      if readings == .all {
        out += "        <TextEquiv index=\"1\" dataType=\"other\" dataTypeDetails=\"\(Self.leidenMark)\">"
        out += "<Unicode>\(XMLWriter.escaped(text.leiden))</Unicode></TextEquiv>\n"
      }
    }
    return out + "      </TextLine>\n"
  }

  /// Whole pixels on the photograph; a single point stands twice, as the schema wants two at least.
  private func points(_ points: [Point], _ width: Int, _ height: Int) -> String {
    func whole(_ value: Double, _ most: Int) -> Int {
      value.isFinite ? Int(min(max(value.rounded(), 0), Double(most))) : 0
    }
    var words = points.map { "\(whole($0.x, width)),\(whole($0.y, height))" }
    if words.isEmpty { words = ["0,0"] }
    if words.count == 1 { words.append(words[0]) }
    return words.joined(separator: " ")
  }

  private func box(around points: [Point]) -> [Point] {
    let bounds = Polygon(points.filter { abs($0.x) < 1e7 && abs($0.y) < 1e7 }).bounds
    let (left, top) = (Double(bounds.x), Double(bounds.y))
    let (right, bottom) = (Double(bounds.maxX), Double(bounds.maxY))
    return [
      Point(x: left, y: top), Point(x: right, y: top), Point(x: right, y: bottom), Point(x: left, y: bottom),
    ]
  }

  private func attribute(_ text: String) -> String { XMLWriter.escaped(text) }

  /// `2026-11-23T17:40:05Z`.
  private func seconds(_ time: Int64) -> String { String(Clock.iso8601(time).prefix(19)) + "Z" }
}
