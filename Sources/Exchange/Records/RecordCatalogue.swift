import Corpus
import Platform
import Text
import XML

/// The records in some files and folders, of papyri that somebody asks for.
///
/// TEI (`.xml`, a clone of idp.data in either layout) and tables (`.csv`, `.tsv`). A clone has more than a hundred thousand files, most of which are
/// named by the number that is sought: of those that are not, one is parsed only where its bytes hold one of the numbers.
public struct RecordCatalogue {
  /// Records by what they may be found by, and by the fragments that tables name.
  private var places: [String: [Int]] = [:]
  private var records: [FragmentRecord] = []
  /// Files that could not be read, with what is wrong with each.
  public private(set) var failures: [(path: String, reason: String)] = []
  /// How many files were read.
  public private(set) var filesRead = 0
  /// What could not be taken of files that were read.
  public private(set) var leftOut: [(path: String, what: LeftOut)] = []
  /// Columns of tables from which nothing was taken.
  public private(set) var unknownColumns: [String] = []
  public var count: Int { records.count }

  /// Fragments that have no number yet: a record in a file of their own name is theirs.
  private let unnumbered: Set<String>

  private static let byteLimit = 256 << 20

  /// - Parameter fragments: the papyri sought.
  public init(_ paths: [String], of fragments: [Fragment]) {
    let wanted = Set(fragments.flatMap(FragmentRecord.keys))
    let needles = Needles(fragments)
    unnumbered = Set(fragments.filter { $0.identifiers == Identifiers() }.map(\.id))
    for path in paths {
      let isFolder = Files.status(path)?.kind == .folder
      let files = isFolder ? Files.below(path, endings: [".xml", ".csv", ".tsv"]) : [path]
      if files.isEmpty { failures.append((path, "has no file that ends in .xml, .csv or .tsv")) }
      for file in files {
        do throws(ExchangeError) {
          try add(file, isNamed: !isFolder, wanted: wanted, needles: needles)
          filesRead += 1
        } catch { failures.append((file, error.reason)) }
      }
    }
  }

  private mutating func add(
    _ path: String, isNamed: Bool, wanted: Set<String>, needles: Needles
  ) throws(ExchangeError) {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try Files.read(path, limit: Self.byteLimit) } catch {
      throw ExchangeError(.unreadable, error)
    }
    guard path.hasSuffix(".xml") else {
      do throws(ExchangeError) { try addTable(bytes, path) } catch {
        // In a folder lie tables of other things, too.
        if isNamed || error.code != .unsupported { throw error }
      }
      return
    }
    // `19322.hgv.xml` beside `19322.jpg`.
    let name = String(Files.name(path).prefix { $0 != "." })
    let own = unnumbered.contains(name) ? name : nil
    guard isNamed || own != nil || needles.mayBe(in: bytes) else { return }
    let root = try XMLElement.parse(bytes, path: path)
    guard var record = FragmentRecord.tei(root, source: path) else {
      if isNamed { throw ExchangeError(.unsupported, path: path, "is no record of a papyrus in TEI") }
      return
    }
    record.fragment = own
    guard isNamed || own != nil || record.keys.contains(where: wanted.contains) else { return }
    list(record)
    tell(record.leftOut, of: path)
  }

  private mutating func addTable(_ bytes: [UInt8], _ path: String) throws(ExchangeError) {
    let text: String
    do throws(TextEncoding.Fault) { text = String(decoding: try TextEncoding.utf8(bytes), as: UTF8.self) } catch {
      // Also in a folder: nobody can know what it is a table of.
      throw ExchangeError(.damaged, path: path, "\(error)")
    }
    var (found, unknown, leftOut) = try FragmentRecord.table(text, path: path)
    unknownColumns += unknown
    for record in found {
      list(record)
      leftOut.add(record.leftOut)
    }
    tell(leftOut, of: path)
  }

  private mutating func tell(_ what: LeftOut, of path: String) {
    if !what.isEmpty { leftOut.append((path, what)) }
  }

  private mutating func list(_ record: FragmentRecord) {
    for key in record.keys + (record.fragment.map { ["fragment " + $0] } ?? []) {
      places[key, default: []].append(records.count)
    }
    records.append(record)
  }

  /// The records of a fragment: those that name it, or have one of its numbers; a text of several papyri last, and the Databank's, which have no
  /// dates, behind HGV's.
  public func records(of fragment: Fragment) -> [FragmentRecord] {
    let keys = ["fragment " + fragment.id] + FragmentRecord.keys(of: fragment)
    var found: [Int] = []
    for key in keys { for place in places[key] ?? [] where !found.contains(place) { found.append(place) } }
    return found.map { records[$0] }.enumerated().sorted { a, b in
      func rank(_ record: FragmentRecord) -> Int {
        (record.fragment == fragment.id ? 0 : 2) + (record.date == DateRange() ? 1 : 0) + (record.tm.count > 1 ? 4 : 0)
      }
      return (rank(a.element), a.offset) < (rank(b.element), b.offset)
    }.map(\.element)
  }

  /// Looks for numbers in bytes that nobody has parsed.
  private struct Needles {
    private let numbers: Set<[UInt8]>
    private let words: [[UInt8]]

    init(_ fragments: [Fragment]) {
      var (numbers, words): (Set<[UInt8]>, Set<[UInt8]>) = ([], [])
      for fragment in fragments {
        let own = fragment.identifiers
        for number in [own.tm.map(TrismegistosNumber.plain), own.hgv].compactMap(\.self) {
          // HGV's letters (19322a) are no digits.
          let digits = Array(number.utf8.prefix { (0x30...0x39).contains($0) })
          if !digits.isEmpty { numbers.insert(digits) }
        }
        for text in [own.inventory, own.ddbdp].compactMap(\.self) {
          // The longest run of letters and digits, as it is written, is in any spelling of the number.
          let parts = text.split { !$0.isLetter && !$0.isNumber }
          if let longest = parts.max(by: { $0.count < $1.count }) { words.insert(Array(longest.utf8)) }
        }
      }
      (self.numbers, self.words) = (numbers, words.sorted { $0.count > $1.count })
    }

    /// Whether one of the numbers stands among the digits of a header.
    func mayBe(in bytes: [UInt8]) -> Bool {
      // Numbers stand in the header; texts are long.
      let head = bytes.prefix(1 << 14)
      var run: [UInt8] = []
      for byte in head {
        if (0x30...0x39).contains(byte) {
          if run.count < 12 { run.append(byte) }
        } else if !run.isEmpty {
          if numbers.contains(run) { return true }
          run.removeAll(keepingCapacity: true)
        }
      }
      return words.contains { word in
        head.indices.contains { head[$0] == word[0] && head[$0...].starts(with: word) }
      }
    }
  }
}
