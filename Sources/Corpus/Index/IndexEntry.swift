import Leiden
import Platform

/// The text of one line as it stands: what a scholar wrote, else what a model offers first.
public struct IndexedLine: Hashable, Sendable {
  public var id: String
  /// Leiden+.
  public var text: String
  public var isDecided: Bool
}

/// What the index keeps of one fragment: enough to list, filter, count and search it without opening a file.
public struct IndexEntry: Hashable, Sendable {
  /// As `fragment.json` says; only the id where it is damaged.
  public var fragment: Fragment
  /// Why `fragment.json` cannot be used.
  public var problem: String?
  public var overview: FragmentOverview
  /// Scholars who decided about a line.
  public var correctors: [String]
  /// What made its newest reading.
  public var model: String?
  /// Lines that have a text.
  public var lines: [IndexedLine]
  /// By these it is seen whether the entry still holds.
  var stamp: Stamp
}

/// What an entry was made from.
struct Stamp: Hashable, Sendable {
  /// Size and time of change of `fragment.json` and `lines.json`; -1 where there is none.
  var files: [Int]
  /// Time of the newest reading, 0 for none.
  var reading: Int
  /// How many decisions there were; journals only grow.
  var decisions: Int
}

/// Letters as the search compares them: one byte each, Α = 1 … Ω = 25, any other letter 63.
enum LetterBytes {
  static func of(_ leiden: String) -> [UInt8] {
    Greek.letterStream(leiden).unicodeScalars.map {
      (0x391...0x3A9).contains($0.value) ? UInt8($0.value - 0x390) : 63
    }
  }
}

extension IndexEntry {
  /// Layout: id, stamp, correctors, model, overview, lines (id, text, decided, letters), then the fragment. The order puts what searching reads
  /// before what only listing reads.
  func write(to writer: inout IndexWriter) {
    writer.put(fragment.id)
    writer.put(all: stamp.files) { $0.put($1 as Int) }
    writer.put(stamp.reading)
    writer.put(stamp.decisions)
    writer.put(all: lines) {
      $0.put($1.id)
      $0.put($1.text)
      $0.put($1.isDecided)
      $0.put(LetterBytes.of($1.text))
    }
    writer.put(all: correctors) { $0.put($1 as String) }
    writer.put(model)
    writer.put(overview.lines)
    writer.put(overview.decided)
    writer.put(overview.confirmed)
    writer.put(overview.isRead)
    writer.put(overview.failure)
    writer.put(overview.confidence)
    writer.put(problem)
    writer.put(fragment.title)
    writer.put(fragment.date.notBefore)
    writer.put(fragment.date.notAfter)
    for text in [
      fragment.place, fragment.material, fragment.rights, fragment.identifiers.tm, fragment.identifiers.hgv,
      fragment.identifiers.ddbdp, fragment.identifiers.inventory,
    ] { writer.put(text) }
    writer.put(all: fragment.photographs) {
      $0.put($1.file)
      $0.put($1.width)
      $0.put($1.height)
      $0.put($1.side)
      $0.put($1.sha256)
    }
  }

  /// nil for bytes that are no entry.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var reader = IndexReader(bytes)
    let id = reader.text()
    let stamp = Stamp(files: reader.all { $0.int() }, reading: reader.int(), decisions: reader.int())
    let lines = reader.all { reader in
      let line = IndexedLine(id: reader.text(), text: reader.text(), isDecided: reader.flag())
      _ = reader.part()
      return line
    }
    let correctors = reader.all { $0.text() }
    let model = reader.optionalText()
    let overview = FragmentOverview(
      lines: reader.int(), decided: reader.int(), confirmed: reader.int(), isRead: reader.flag(),
      failure: reader.optionalText(), confidence: reader.optionalDouble())
    let problem = reader.optionalText()
    let title = reader.text()
    let date = DateRange(notBefore: reader.optionalInt(), notAfter: reader.optionalInt())
    let (place, material, rights) = (reader.optionalText(), reader.optionalText(), reader.optionalText())
    let numbers = Identifiers(
      tm: reader.optionalText(), hgv: reader.optionalText(), ddbdp: reader.optionalText(),
      inventory: reader.optionalText())
    let photographs = reader.all { reader in
      Photograph(
        file: reader.text(), width: reader.int(), height: reader.int(), side: reader.optionalText(),
        sha256: reader.optionalText())
    }
    guard reader.isSound else { return nil }
    self.init(
      fragment: Fragment(
        id: id, identifiers: numbers, title: title, date: date, place: place, material: material, rights: rights,
        photographs: photographs),
      problem: problem, overview: overview, correctors: correctors, model: model, lines: lines, stamp: stamp)
  }
}
