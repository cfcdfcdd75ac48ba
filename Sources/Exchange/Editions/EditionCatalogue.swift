import Corpus
import Glibc
import Leiden
import Platform
import Text

/// The editions in some files and folders, found by the papyrus they are of.
///
/// EpiDoc (`.xml`: papyri.info's files in either layout, DCLP), Leiden+ or plain text (`.leiden`, `.txt`) and rows of the Duke Databank (`.tsv`,
/// `.tsv.xz`). Each file is read once to see what is in it; of rows the bytes are kept, of other files their numbers, some hundred bytes each.
public struct EditionCatalogue: Sendable {
  /// Files that could not be read, with what is wrong with each.
  public private(set) var failures: [(path: String, reason: String)] = []
  /// How many editions there are.
  public var count: Int { entries.count }

  private struct Entry: Sendable {
    /// The file's name up to its first dot: `19322` of `19322.edition.tsv`.
    var stem: String
    var edition: Edition
    var source: Source
  }

  /// Where the lines of an edition stand.
  private enum Source: Sendable {
    case file(String)
    case rows(table: Int, Range<Int>)
  }

  /// With their lines left out, which are read when they are asked for.
  private var entries: [Entry] = []
  private var tables: [[UInt8]] = []
  /// Entries by what may name them.
  private var places: [String: [Int]] = [:]
  /// Names of editions by fragment, as somebody said.
  private let table: [String: [String]]

  private static let endings = [".xml", ".tsv", ".tsv.xz", ".txt", ".leiden"]
  private static let byteLimit = 1 << 30

  /// - Parameters:
  ///   - paths: files and folders.
  ///   - table: fragments and the editions of each, by name, number or file name; those alone are then its editions.
  public init(_ paths: [String], table: [String: [String]] = [:]) {
    self.table = table
    for path in paths {
      let isFolder = Files.status(path)?.kind == .folder
      for file in isFolder ? Files.below(path, endings: Self.endings) : [path] {
        do throws(ExchangeError) { try add(file) } catch { failures.append((file, error.reason)) }
      }
    }
    for (index, entry) in entries.enumerated() {
      for name in Set(Self.names(of: entry.edition) + [entry.stem]) where !name.isEmpty {
        places[name, default: []].append(index)
      }
    }
  }

  private static func names(of edition: Edition) -> [String] {
    edition.tm.map(TrismegistosNumber.plain) + edition.hgv
      + [edition.ddbdp.map(Edition.plain), Edition.plain(edition.name)].compactMap(\.self)
  }

  /// The editions of a fragment: those the table names; else those with its Trismegistos, HGV or DDbDP number; else those whose file is called
  /// like it, or like one of its photographs before they were imported.
  public func editions(of fragment: Fragment) throws(ExchangeError) -> [Edition] {
    var found: [Int] = []
    if let named = table[fragment.id] {
      found = named.flatMap { places[$0] ?? places[Edition.plain($0)] ?? [] }
    } else {
      let own = fragment.identifiers
      let numbers = [own.tm.map(TrismegistosNumber.plain), own.hgv, own.ddbdp.map(Edition.plain)].compactMap(\.self)
      found = numbers.flatMap { places[$0] ?? [] }.filter { entries[$0].edition.isOf(fragment) }
      if found.isEmpty {
        let files = fragment.photographs.flatMap { [$0.file, $0.source?.file].compactMap(\.self) }
        let names = [fragment.id] + files.map { String($0.prefix { $0 != "." }) }
        found = names.flatMap { places[$0] ?? [] }
      }
    }
    var editions: [Edition] = []
    for index in Set(found).sorted() {
      for edition in try read(entries[index].source) where edition.name == entries[index].edition.name {
        editions.append(edition)
      }
    }
    return editions
  }

  private mutating func add(_ path: String) throws(ExchangeError) {
    let stem = String(Files.name(path).prefix { $0 != "." })
    guard path.hasSuffix(".tsv") || path.hasSuffix(".xz") else {
      for edition in try read(.file(path)) where !edition.lines.isEmpty {
        entries.append(Entry(stem: stem, edition: Self.head(edition), source: .file(path)))
      }
      return
    }
    let bytes = try Self.contents(path)
    let number = tables.count
    var (start, rows, name) = (0, 0, [UInt8]())
    var first = 0
    func end(_ place: Int) -> Entry? {
      guard place > first,
        let row = DatabankRow(String(decoding: Self.row(at: first, in: bytes), as: UTF8.self))
      else { return nil }
      let edition = Edition(name: row.text, tm: row.tm, ddbdp: row.text, lines: [])
      return Entry(stem: stem, edition: edition, source: .rows(table: number, first..<place))
    }
    while start < bytes.count {
      let row = Self.row(at: start, in: bytes)
      if let tab = row.firstIndex(of: 0x09) {
        rows += 1
        if !row[..<tab].elementsEqual(name) {
          if let entry = end(start) { entries.append(entry) }
          (name, first) = (Array(row[..<tab]), start)
        }
      }
      start = row.endIndex + 1
    }
    if let entry = end(bytes.count) { entries.append(entry) }
    guard rows > 0 else { throw ExchangeError(.damaged, path: path, "has no rows of columns divided by tabs") }
    tables.append(bytes)
  }

  private static func row(at start: Int, in bytes: [UInt8]) -> ArraySlice<UInt8> {
    let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
    return bytes[start..<end]
  }

  private static func head(_ edition: Edition) -> Edition {
    Edition(name: edition.name, tm: edition.tm, hgv: edition.hgv, ddbdp: edition.ddbdp, lines: [])
  }

  private func read(_ source: Source) throws(ExchangeError) -> [Edition] {
    switch source {
    case .rows(let table, let range):
      let rows = tables[table][range].split(separator: 0x0A).compactMap {
        DatabankRow(String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self))
      }
      guard let first = rows.first else { return [] }
      return [Edition(name: first.text, tm: first.tm, ddbdp: first.text, lines: rows.map(\.line))]
    case .file(let path):
      let bytes = try Self.contents(path)
      let name = Files.name(path)
      let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
      guard path.hasSuffix(".xml") else {
        let (text, errors) = LeidenText.parse(leidenBytes: bytes)
        if let fault = errors.first {
          throw ExchangeError(.damaged, path: path, "is not Leiden+: line \(fault.line): \(fault.message)")
        }
        return [Edition(name: stem, text: text)]
      }
      do throws(LeidenError) {
        let document = try EpiDocDocument(bytes: bytes)
        func identifier(_ types: String...) -> String? {
          document.header.identifiers.first { types.contains($0.type) && !$0.value.isEmpty }?.value
        }
        /// One text on several objects has several, in one element or more.
        func numbers(_ type: String) -> [String] {
          document.header.identifiers.filter { $0.type == type }.flatMap {
            $0.value.split(whereSeparator: \.isWhitespace)
          }
          .map(String.init)
        }
        let ddbdp = identifier("ddb-hybrid", "dclp-hybrid")
        return [
          Edition(
            name: ddbdp.map(Edition.plain) ?? stem,
            tm: numbers("TM"), hgv: numbers("HGV"), ddbdp: ddbdp,
            rights: document.header.rights.map { CleanText.line($0) }, text: document.edition)
        ]
      } catch {
        throw ExchangeError(.damaged, path: path, "line \(error.line): \(error.message)")
      }
    }
  }

  private static func contents(_ path: String) throws(ExchangeError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try Files.contents(path, limit: byteLimit) } catch {
      switch error.call {
      case "exec":
        throw ExchangeError(.unreadable, path: path, "needs the program xz (apt-get install xz-utils)")
      case "xz": throw ExchangeError(.damaged, path: path, "xz cannot decompress it")
      default: throw ExchangeError(.unreadable, error)
      }
    }
    // XML says itself what it is in.
    if path.hasSuffix(".xml") { return bytes }
    do throws(TextEncoding.Fault) { return try TextEncoding.utf8(bytes) } catch {
      throw ExchangeError(.damaged, path: path, "\(error)")
    }
  }
}
