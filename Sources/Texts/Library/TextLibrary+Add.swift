import Glibc
import Leiden
import Platform
import Text

extension TextLibrary {
  /// What adding came to.
  public struct Added: Sendable {
    public var texts = 0
    public var lines = 0
    public var places = 0
    /// Files that could not be read, or not whole, with what is wrong with each.
    public var failures: [(path: String, reason: String)] = []
  }

  /// Adds the texts of a file or of all files in a folder and below it, under one name; a source of that name is replaced.
  ///
  /// Rows (`.tsv`, `.tsv.xz` through the installed `xz`), EpiDoc (`.xml`), Leiden+ or plain text (`.txt`, `.leiden`); tables of places and dates and HGV's records
  /// are recognised and go into `places.tsv`. Files that cannot be read are told of, the others added.
  public mutating func add(
    _ path: String, name: String, licence: String? = nil, credit: String? = nil, telling: (Int) -> Void = { _ in }
  ) throws(TextsError) -> Added {
    guard Self.isName(name) else { throw TextsError(.usage, "'\(name)' cannot be the name of a source") }
    guard let status = Files.status(path) else { throw TextsError(.unreadable, "\(path) is not there") }
    var added = Added()
    do throws(SystemError) {
      try Files.makeFolder(folder)
      let target = try ReplacementFile(path: "\(folder)/\(name).tsv")
      var places = PlaceTable(path: placesPath)
      var collected = RowCollector()
      let files = status.kind == .folder ? Files.below(path, endings: Self.endings) : [path]
      for (number, file) in files.enumerated() {
        do throws(TextsError) { try Self.read(file, into: &collected, &places) } catch {
          added.failures.append((file, error.description))
        }
        if collected.bytes.count > 1 << 20 {
          try target.write(collected.bytes)
          collected.bytes.removeAll(keepingCapacity: true)
        }
        telling(number + 1)
      }
      try target.write(collected.bytes)
      (added.texts, added.lines, added.places) = (collected.texts, collected.lines, places.added)
      if places.added > 0 { try places.write() }
      guard collected.lines > 0 else { return added }
      try target.commit()
    } catch {
      throw TextsError(.unreadable, "\(error)")
    }
    let source = Source(
      name: name, origin: path, licence: licence, credit: credit, added: Self.day(), texts: added.texts,
      lines: added.lines)
    if let place = sources.firstIndex(where: { $0.name == name }) {
      sources[place] = source
    } else {
      sources.append(source)
    }
    try save()
    return added
  }

  /// `2026-11-28`.
  private static func day() -> String { String(Clock.iso8601(Clock.now()).prefix(10)) }

  private static let endings = [".xml", ".tsv", ".tsv.xz", ".txt", ".leiden"]
  private static let byteLimit = 1 << 30

  /// Reads a file of any form into rows, or into the table of places.
  static func read(
    _ path: String, into rows: inout RowCollector, _ places: inout PlaceTable
  ) throws(TextsError) {
    let bytes = try contents(path)
    let packed = Files.name(path)
    let name = packed.hasSuffix(".xz") ? String(packed.dropLast(3)) : packed
    if name.hasSuffix(".tsv") {
      if bytes.starts(with: "TM\tplace\tdate".utf8) {
        places.add(table: bytes)
      } else if let leftOut = try rows.append(rows: bytes) {
        throw TextsError(.malformed, leftOut)
      }
    } else if name.hasSuffix(".xml") || EpiDocDocument.isXML(bytes) {
      let document: EpiDocDocument
      do throws(LeidenError) { document = try EpiDocDocument(bytes: bytes) } catch {
        throw TextsError(.malformed, "line \(error.line): \(error.message)")
      }
      places.add(document.header)
      try rows.append(document, fallback: name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name)
    } else {
      let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
      let (text, errors) = LeidenText.parse(leidenBytes: bytes)
      guard let error = errors.first else { return rows.append(text, name: stem, numbers: "") }
      guard !name.hasSuffix(".leiden"), !text.isNumberedOrGapped else {
        throw TextsError(.malformed, "line \(error.line), column \(error.column): \(error.message); \(error.expected)")
      }
      rows.append(plain: bytes, name: stem)
    }
  }

  private static func contents(_ path: String) throws(TextsError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try Files.contents(path, limit: byteLimit) } catch {
      switch error.call {
      case "exec":
        throw TextsError(.unreadable, "needs the program xz (apt-get install xz-utils), or an uncompressed file")
      case "xz": throw TextsError(.malformed, "xz cannot decompress it")
      default: throw TextsError(.unreadable, "\(error)")
      }
    }
    if bytes.starts(with: [0x1F, 0x8B]) {
      throw TextsError(.malformed, "is an archive of gzip; unpack it first (gunzip)")
    }
    // XML says itself what it is in.
    if path.hasSuffix(".xml") || EpiDocDocument.isXML(bytes) { return bytes }
    do throws(TextEncoding.Fault) { return try TextEncoding.utf8(bytes) } catch {
      throw TextsError(.malformed, "\(error)")
    }
  }
}
