import Corpus
import Leiden
import Platform
import Text
import XML

/// `FRAGMENT.txt` with Leiden+ and line numbers, to be pasted into the papyri.info editor.
final class LeidenPlusWriter: ExportWriter {
  private let run: ExportRun

  init(_ run: ExportRun) { self.run = run }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    guard !fragment.lines.isEmpty else { return 0 }
    let name = ExportFolder.name(from: fragment.fragment.id) + ".txt"
    try run.folder(part).write(Array((EditionText(fragment).leiden + "\n").utf8), to: name)
    return fragment.lines.count
  }
}

/// `FRAGMENT.txt` as an edition prints it: title, sides and columns, sigla, every fifth line numbered, and below each column what its apparatus says of
/// regularised and corrected words; words that run on stay divided as on the papyrus.
final class PrintedTextWriter: ExportWriter {
  private let run: ExportRun

  init(_ run: ExportRun) { self.run = run }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    guard !fragment.lines.isEmpty else { return 0 }
    let record = fragment.fragment
    let numbers = [
      record.identifiers.inventory, record.identifiers.tm.map { "TM \($0)" },
      record.identifiers.hgv.map { "HGV \($0)" },
    ].compactMap { $0 }
    var out = CleanText.line(record.title.isEmpty ? record.id : record.title) + "\n"
    if !numbers.isEmpty { out += CleanText.line(numbers.joined(separator: ", ")) + "\n" }
    var side: String?
    var hand = 1
    for column in EditionText(fragment).columns {
      out += "\n"
      if let own = column.side, own != side { out += own == "r" ? "Recto\n" : own == "v" ? "Verso\n" : "Side \(own)\n" }
      side = column.side
      if let number = column.number { out += "Col. \(number)\n" }
      if column.isMargin { out += "Margin\n" }
      var apparatus = ""
      for line in column.lines {
        for entry in line.leiden.map({ LeidenText.parse(leiden: $0).text.apparatus }) ?? [] {
          apparatus += "\(line.number) \(run.text.isDecomposed ? Greek.nfd(entry) : Greek.nfc(entry))\n"
        }
        let text =
          (line.hand != hand ? "(hand \(line.hand)) " : "")
          + (line.leiden.flatMap(run.text.text(of:)) ?? "(not transcribed)")
        hand = line.hand
        // Every fifth is numbered, and what somebody numbered otherwise.
        let number = Int(line.number).map { $0.isMultiple(of: 5) } ?? true ? line.number : ""
        out += String(repeating: " ", count: max(0, 4 - number.count)) + number + "  " + text + "\n"
      }
      if run.text.layer == .edited, !apparatus.isEmpty { out += "\n" + apparatus }
    }
    try run.folder(part).write(Array(out.utf8), to: ExportFolder.name(from: record.id) + ".txt")
    return fragment.lines.count
  }
}

// One TEI document a fragment: DDbDP/<n>/<HGV>.xml, n = HGV / 1000 + 1, as papyri.info lays its texts; FRAGMENT.xml where no HGV number is known.
// teiHeader: title; numbers as idno; rights; the object with material, date and place; who took or wrote the text, and which model had read it
// before. text/body: div type="edition" in EpiDoc; div type="apparatus" with what another scholar decided without having seen it.

/// Writes EpiDoc.
final class EpiDocWriter: ExportWriter {
  private let run: ExportRun

  init(_ run: ExportRun) { self.run = run }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    guard !fragment.lines.isEmpty else { return 0 }
    let edition = EditionText(fragment)
    let (text, errors) = LeidenText.parse(leiden: edition.leiden)
    if let error = errors.first {
      throw ExchangeError(.damaged, path: fragment.fragment.id, "its lines together are not Leiden+: \(error)")
    }
    let corrections: [Correction]
    do throws(CorpusError) { corrections = try fragment.store.corrections(of: fragment.fragment.id) } catch {
      throw ExchangeError(error)
    }
    let document = document(fragment, text, corrections)
    if let number = fragment.fragment.identifiers.hgv.flatMap({ hgv in Int(hgv.prefix { $0.isASCII && $0.isNumber }) })
    {
      let name = ExportFolder.name(from: fragment.fragment.identifiers.hgv!) + ".xml"
      try run.folder(part, "DDbDP", String(number / 1000 + 1)).write(Array(document.utf8), to: name)
    } else {
      let name = ExportFolder.name(from: fragment.fragment.id) + ".xml"
      try run.folder(part).write(Array(document.utf8), to: name)
    }
    return fragment.lines.count
  }

  private func document(_ fragment: ExportedFragment, _ text: LeidenText, _ corrections: [Correction]) -> String {
    let record = fragment.fragment
    func element(_ name: String, _ content: String?, _ attributes: String = "") -> String {
      guard let content, !content.isEmpty else { return "" }
      return "<\(name)\(attributes)>\(XMLWriter.escaped(content))</\(name)>"
    }
    let scholars = Set(corrections.filter { $0.after != nil }.map(\.scholar)).sorted()
    let models = Set(corrections.compactMap(\.model)).sorted()
    let read = fragment.lines.filter { $0.weight < 1 && $0.edition == nil }
    let laid = fragment.lines.filter { $0.weight < 1 }.compactMap(\.edition)
    let took = fragment.states.count { $0.status == .confirmed }
    let numbers: [(String, String?)] = [
      ("filename", record.identifiers.hgv ?? record.id), ("TM", record.identifiers.tm), ("HGV", record.identifiers.hgv),
      ("ddb-hybrid", record.identifiers.ddbdp),
    ]
    var out = """
      <?xml version="1.0" encoding="UTF-8"?>
      <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="\(identifier(record.id))" xml:lang="en">
      <teiHeader><fileDesc>
      <titleStmt>\(element("title", record.title.isEmpty ? record.id : record.title))

      """
    for scholar in scholars { out += "<editor role=\"transcription\">\(XMLWriter.escaped(scholar))</editor>\n" }
    if !models.isEmpty {
      out +=
        "<respStmt><resp>machine reading, of which \(took) of \(fragment.lines.count) lines were taken as offered</resp>"
      out += models.map { element("name", $0, " type=\"model\"") }.joined() + "</respStmt>\n"
    }
    // What nobody has looked at is said to be so.
    if !read.isEmpty {
      out += "<respStmt><resp>machine reading that nobody has decided about: \(Self.list(read.map(\.region.id)))</resp>"
      out += Set(read.compactMap(\.model)).sorted().map { element("name", $0, " type=\"model\"") }.joined()
      out += (read.contains { $0.model == nil } ? "<name type=\"model\">unknown</name>" : "") + "</respStmt>\n"
    }
    if !laid.isEmpty {
      out +=
        "<respStmt><resp>edition laid on lines by machine, which nobody has decided about: \(laid.count) of \(fragment.lines.count) lines</resp>"
      out +=
        Set(laid.map(\.edition)).sorted().map { element("name", $0, " type=\"edition\"") }.joined() + "</respStmt>\n"
    }
    out += "</titleStmt>\n<publicationStmt><authority>\(XMLWriter.escaped(run.corpus))</authority>"
    for (type, value) in numbers { out += element("idno", value, " type=\"\(type)\"") }
    out +=
      "<availability><p>\(XMLWriter.escaped(record.rights ?? "Rights are not recorded."))</p></availability></publicationStmt>\n"
    out +=
      "<sourceDesc><msDesc><msIdentifier>\(element("idno", record.identifiers.inventory ?? record.id, " type=\"invNo\""))"
    out += "</msIdentifier>"
    if let material = record.material, !material.isEmpty {
      out += "<physDesc><objectDesc><supportDesc><support>\(element("material", material))</support></supportDesc>"
      out += "</objectDesc></physDesc>"
    }
    let (from, to) = (record.date.notBefore.map(year), record.date.notAfter.map(year))
    if from != nil || to != nil || record.place != nil {
      out += "<history><origin>\(element("origPlace", record.place))"
      if from != nil || to != nil {
        let bounds = (from.map { " notBefore=\"\($0)\"" } ?? "") + (to.map { " notAfter=\"\($0)\"" } ?? "")
        let words = [record.date.notBefore, record.date.notAfter].compactMap { $0 }.map(Self.words)
        out += element("origDate", Set(words).count == 1 ? words[0] : words.joined(separator: " – "), bounds)
      }
      out += "</origin></history>"
    }
    out += "</msDesc></sourceDesc>\n</fileDesc>\n"
    out += "<encodingDesc><p>Exported by Grapheion from decisions about lines on photographs"
    out +=
      read.isEmpty && laid.isEmpty ? "" : ", and from what a model read or an edition says where nobody has decided"
    out += ".</p></encodingDesc>\n"
    out +=
      "<profileDesc><langUsage><language ident=\"grc\">Greek</language><language ident=\"en\">English</language></langUsage>"
    out += "</profileDesc>\n"
    if let last = corrections.last {
      out +=
        "<revisionDesc><change when=\"\(String(Clock.iso8601(last.time).prefix(10)))\" who=\"\(XMLWriter.escaped(who(last.scholar)))\">"
      out += "last decision about a line</change></revisionDesc>\n"
    }
    out += "</teiHeader>\n<text><body>\n\(text.epidoc)\n\(apparatus(fragment))</body></text>\n</TEI>\n"
    return out
  }

  /// Readings of other scholars where decisions are in conflict.
  private func apparatus(_ fragment: ExportedFragment) -> String {
    var entries = ""
    for column in EditionText(fragment).columns {
      for line in column.lines {
        guard let state = fragment.states.first(where: { $0.region.id == line.id }), let conflict = state.conflict,
          let other = conflict.after, let own = line.leiden
        else { continue }
        func plain(_ leiden: String) -> String {
          XMLWriter.escaped(CleanText.line(LeidenText.parse(leiden: leiden).text.edited))
        }
        let place = [column.side, column.number?.lowercased(), line.number].compactMap { $0 }.joined(
          separator: ".")
        entries +=
          "<app loc=\"\(place)\"><lem>\(plain(own))</lem><rdg><bibl>\(XMLWriter.escaped(conflict.scholar))</bibl> \(plain(other))</rdg></app>\n"
      }
    }
    return entries.isEmpty ? "" : "<div type=\"apparatus\"><listApp>\n\(entries)</listApp></div>\n"
  }

  /// `0150`, `-0099`: years before our era count from 0 in TEI as in ISO 8601; corpora count as historians do.
  private func year(_ year: Int) -> String {
    let digits = String(abs(year))
    return (year < 0 ? "-" : "") + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// The lines by their ids.
  private static func list(_ ids: [String]) -> String { "lines " + ids.map(XMLWriter.escaped).joined(separator: ", ") }

  private static func words(_ year: Int) -> String { year < 0 ? "\(-year) BCE" : "\(year) CE" }

  /// A name fit for xml:id.
  private func identifier(_ id: String) -> String {
    let name = String(id.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" })
    return name.first.map { $0.isLetter || $0 == "_" } == true ? name : "f" + name
  }

  private func who(_ scholar: String) -> String { "#" + identifier(scholar) }
}
