import Corpus
import Platform
import Raster
import XML

// FRAGMENT_N.png  photograph N of the fragment, copied
// FRAGMENT_N.xml  PAGE XML 2019-07-15 (PRImA); imageFilename names the file beside it
//
// A column of writing is a TextRegion, in reading order. A decided line has two TextEquivs: index 0 the diplomatic letters,
// which training tools take; index 1 the Leiden+, with dataTypeDetails="Leiden+". Lines nobody decided about have none.

/// Writes PAGE XML.
enum PageXMLWriter {
  /// What marks a text as Leiden+.
  static let leidenMark = "Leiden+"

  /// Writes the photographs of a fragment that have decided lines; returns the number of those lines.
  static func write(
    _ fragment: Fragment, of store: CorpusStore, to folder: ExportFolder
  ) throws(ExchangeError) -> Int {
    let lines = try DecidedLines(fragment, of: store)
    var written = 0
    for (index, photograph) in fragment.photographs.enumerated() {
      let here = lines.on(index)
      let decided = here.count { DecidedLines.text(of: $0) != nil }
      guard decided > 0 else { continue }
      let name = ExportFolder.name(from: fragment.id) + "_\(index)"
      try folder.copy(try DecidedLines.photographPath(fragment, index, of: store), to: name + ".png")
      let changed: Int64
      do throws(CorpusError) { changed = try store.corrections(of: fragment.id).last?.time ?? 0 } catch {
        throw ExchangeError(error)
      }
      let document = document(
        fragment, photograph, image: name + ".png", lines: here, changed: changed)
      try folder.write(Array(document.utf8), to: name + ".xml")
      written += decided
    }
    return written
  }

  /// The document of one photograph. The same lines give the same bytes.
  /// - Parameter changed: when the newest decision was made, microseconds since 1970.
  static func document(
    _ fragment: Fragment, _ photograph: Photograph, image: String, lines: [LineState], changed: Int64
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
    // Neighbours of one column are one region; ids follow the lines.
    var columns: [[LineState]] = []
    for line in lines {
      if let last = columns.last?.last, last.region.column == line.region.column {
        columns[columns.count - 1].append(line)
      } else {
        columns.append([line])
      }
    }
    if !columns.isEmpty {
      out += "    <ReadingOrder>\n      <OrderedGroup id=\"order\">\n"
      for index in columns.indices {
        out += "        <RegionRefIndexed index=\"\(index)\" regionRef=\"r\(index)\"/>\n"
      }
      out += "      </OrderedGroup>\n    </ReadingOrder>\n"
    }
    for (index, column) in columns.enumerated() {
      let corners = column.flatMap { $0.region.polygon.points + $0.region.baseline }
      out += "    <TextRegion id=\"r\(index)\" type=\"paragraph\">\n"
      out += "      <Coords points=\"\(points(box(around: corners), width, height))\"/>\n"
      for (number, line) in column.enumerated() {
        out += self.line(line, id: "r\(index)l\(number)", width, height)
      }
      out += "    </TextRegion>\n"
    }
    return out + "  </Page>\n</PcGts>\n"
  }

  private static func line(
    _ line: LineState, id: String, _ width: Int, _ height: Int
  ) -> String {
    let outline =
      line.region.polygon.points.count > 2
      ? line.region.polygon.points : box(around: line.region.polygon.points + line.region.baseline)
    var out = "      <TextLine id=\"\(id)\" custom=\"grapheion {line:\(attribute(line.region.id));}\">\n"
    out += "        <Coords points=\"\(points(outline, width, height))\"/>\n"
    if !line.region.baseline.isEmpty {
      out += "        <Baseline points=\"\(points(line.region.baseline, width, height))\"/>\n"
    }
    if let text = DecidedLines.text(of: line) {
      if let stream = DiplomaticLetters.transcription(of: text), !stream.isEmpty {
        out += "        <TextEquiv index=\"0\"><Unicode>\(XMLWriter.escaped(stream))</Unicode></TextEquiv>\n"
      }
      out += "        <TextEquiv index=\"1\" dataType=\"other\" dataTypeDetails=\"\(leidenMark)\">"
      out += "<Unicode>\(XMLWriter.escaped(text))</Unicode></TextEquiv>\n"
    }
    return out + "      </TextLine>\n"
  }

  /// Whole pixels on the photograph; a single point stands twice, as the schema wants two at least.
  private static func points(_ points: [Point], _ width: Int, _ height: Int) -> String {
    func whole(_ value: Double, _ most: Int) -> Int {
      value.isFinite ? Int(min(max(value.rounded(), 0), Double(most))) : 0
    }
    var words = points.map { "\(whole($0.x, width)),\(whole($0.y, height))" }
    if words.isEmpty { words = ["0,0"] }
    if words.count == 1 { words.append(words[0]) }
    return words.joined(separator: " ")
  }

  private static func box(around points: [Point]) -> [Point] {
    let bounds = Polygon(points.filter { abs($0.x) < 1e7 && abs($0.y) < 1e7 }).bounds
    let (left, top) = (Double(bounds.x), Double(bounds.y))
    let (right, bottom) = (Double(bounds.maxX), Double(bounds.maxY))
    return [
      Point(x: left, y: top), Point(x: right, y: top), Point(x: right, y: bottom), Point(x: left, y: bottom),
    ]
  }

  private static func attribute(_ text: String) -> String { XMLWriter.escaped(text) }

  /// `2026-11-23T17:40:05Z`.
  private static func seconds(_ time: Int64) -> String { String(Clock.iso8601(time).prefix(19)) + "Z" }
}
