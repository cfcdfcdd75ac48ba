import Platform

// cache/index: everything lists, filters and searches need, derived from the files of the corpus; may be deleted at any time.
// Numbers are little endian, texts as `IndexWriter` puts them.
//
//   "GRPHINDX"   8 bytes
//   version      u32; another one than this program's is no index
//   checksum     u32, CRC-32C of the directory
//   directory    its offset and its length, i64 each
//   entries      `IndexEntry` of each fragment, then a u32 CRC-32C of it
//   letters      of each fragment (`LetterBytes`), then a u32 CRC-32C of them
//   texts        folded texts of each fragment (`IndexTexts`)
//   ids          one after another
//   rows         `IndexRow` of each fragment, in the order of ids
//   directory    listed i64 (time of change of fragments/), times of the newest decision and reading that count and of the first record that does not yet, i64, names of the record files,
//                how far each was read (number, bytes, date), the most bytes each record file ever had (name, bytes), number of rows, and offset, length and CRC-32C of texts, ids and rows
//
// The directory, texts, ids and rows are verified when the index is opened, entries and letters when they are read. An index that is missing, of
// another version or damaged is made anew; an entry that is damaged is made anew alone. The file is replaced by rename, so a mapped one stays whole.

/// The index of a corpus as it was when the file was written; whether an entry still holds, the store decides.
final class CorpusIndex: Sendable {
  static let version: UInt32 = 7
  static let magic = Array("GRPHINDX".utf8)
  static let headSize = 32

  /// Part of the file.
  struct Section: Hashable, Sendable {
    var offset = 0
    var length = 0
  }

  private enum Source: Sendable {
    case file(MappedFile)
    case memory([UInt8])
  }

  /// Time of change of `fragments/` when it was written.
  let listed: Int
  /// Times of the newest decision and the newest reading it knows.
  let lastDecision: Int
  let lastReading: Int
  /// The earliest record that was dated too far ahead to count (`RecordTime`); the greatest number where there was none.
  let firstAhead: Int
  /// Names of the record files, by the numbers that entries use.
  let files: [String]
  /// How far each of them was read.
  let marks: [String: ReadMark]
  /// The most bytes of whole records that each record file ever had, handed on from index to index: what was lost of one is seen by it.
  let longest: [String: Int]
  let count: Int
  private let source: Source
  let texts: Section
  let idBytes: Section
  let rows: Section

  /// nil where there is no such file, or it is not an index of this version, whole.
  convenience init?(path: String) {
    let file: MappedFile
    do throws(SystemError) { file = try MappedFile(path: path) } catch { return nil }
    self.init(.file(file))
  }

  /// An index that was never a file.
  convenience init?(bytes: [UInt8]) { self.init(.memory(bytes)) }

  private init?(_ source: Source) {
    self.source = source
    let directory = Self.withBytes(source) { bytes -> Directory? in Directory(bytes) }
    guard let directory else { return nil }
    listed = directory.listed
    lastDecision = directory.lastDecision
    lastReading = directory.lastReading
    firstAhead = directory.firstAhead
    files = directory.files
    marks = directory.marks
    longest = directory.longest
    count = directory.count
    (texts, idBytes, rows) = (directory.texts, directory.ids, directory.rows)
  }

  /// Whether the same records count by this machine's clock, now, as by that of the one that wrote it.
  var agreesWithClock: Bool {
    !RecordTime.isAhead(Int64(max(lastDecision, lastReading))) && RecordTime.isAhead(Int64(firstAhead))
  }

  /// False once part of the file could not be read: nothing of it is to be believed then.
  var isIntact: Bool { if case .file(let file) = source { file.isIntact } else { true } }

  private static func withBytes<T>(_ source: Source, _ body: (UnsafeRawBufferPointer) -> T) -> T {
    switch source {
    case .file(let file): file.withBytes(body)
    case .memory(let bytes): bytes.withUnsafeBytes(body)
    }
  }

  /// Lends the whole file.
  func withBytes<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T { Self.withBytes(source, body) }

  /// All ids, sorted by bytes.
  func ids() -> [String] {
    withBytes { bytes in
      (0..<count).map { String(decoding: Self.part(row($0, in: bytes).id, of: idBytes, in: bytes), as: UTF8.self) }
    }
  }

  /// - Precondition: `place` is one of the index's.
  func row(_ place: Int, in bytes: UnsafeRawBufferPointer) -> IndexRow {
    IndexRow(bytes, at: rows.offset + place * IndexRow.size)
  }

  func row(_ place: Int) -> IndexRow { withBytes { row(place, in: $0) } }

  /// A row's part of a section; empty where it would leave it.
  static func part(
    _ span: IndexRow.Span, of section: Section, in bytes: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    guard span.offset >= 0, span.offset <= section.length - Int(span.length) else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    let start = section.offset + span.offset
    return UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(span.length)])
  }

  /// Bytes followed by their checksum; nil where that is wrong.
  static func verified(_ span: IndexRow.Span, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    let length = Int(span.length)
    guard span.offset >= headSize, span.offset <= bytes.count - 4 - length else { return nil }
    let end = span.offset + length
    let part = UnsafeRawBufferPointer(rebasing: bytes[span.offset..<end])
    let checksum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: end, as: UInt32.self))
    return Checksum.crc32c(part) == checksum ? part : nil
  }

  /// Where a fragment's row is, by binary search.
  func place(of id: String) -> Int? {
    withBytes { bytes in
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        let other = Self.part(row(middle, in: bytes).id, of: idBytes, in: bytes)
        if other.elementsEqual(id.utf8) { return middle }
        if other.lexicographicallyPrecedes(id.utf8) { low = middle + 1 } else { high = middle }
      }
      return nil
    }
  }

  func holds(_ id: String) -> Bool { place(of: id) != nil }

  /// nil where there is none, or it is damaged.
  func entry(of id: String) -> IndexEntry? {
    place(of: id).flatMap(entry(at:)).flatMap { $0.fragment.id == id ? $0 : nil }
  }

  func entry(at place: Int) -> IndexEntry? {
    withBytes { bytes in
      Self.verified(row(place, in: bytes).entry, in: bytes).flatMap { IndexEntry($0, files: files) }
    }
  }
}

extension CorpusIndex {
  /// The end of the file, which says where everything else is.
  private struct Directory {
    var listed = 0
    var lastDecision = 0
    var lastReading = 0
    var firstAhead = 0
    var files: [String] = []
    var marks: [String: ReadMark] = [:]
    var longest: [String: Int] = [:]
    var count = 0
    var texts = Section()
    var ids = Section()
    var rows = Section()

    /// Records are read by these names: none leads out of the corpus.
    private static func isRecordFile(_ name: String) -> Bool {
      let parts = name.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == (parts[0] == "journal" ? 2 : 3), parts[0] == "journal" || parts[0] == "readings" else {
        return false
      }
      return name.hasSuffix(".jsonl")
        && parts.allSatisfy { !$0.isEmpty && $0 != ".." && $0 != "." && !$0.utf8.contains(0) }
    }

    /// nil for bytes that are no index of this version, or whose directory, texts, ids or rows are damaged.
    init?(_ bytes: UnsafeRawBufferPointer) {
      guard bytes.count >= headSize, bytes[..<8].elementsEqual(magic) else { return nil }
      var reader = IndexReader(UnsafeRawBufferPointer(rebasing: bytes[8..<headSize]))
      let (version, checksum) = (reader.number(UInt32.self), reader.number(UInt32.self))
      let (offset, length) = (reader.int(), reader.int())
      guard version == CorpusIndex.version, offset >= headSize, length >= 0, offset == bytes.count - length
      else { return nil }
      let directory = UnsafeRawBufferPointer(rebasing: bytes[offset...])
      guard Checksum.crc32c(directory) == checksum else { return nil }
      reader = IndexReader(directory)
      (listed, lastDecision, lastReading, firstAhead) = (reader.int(), reader.int(), reader.int(), reader.int())
      let files = reader.all { $0.text() }
      let marked = reader.all { ($0.number(UInt32.self), $0.int(), $0.int()) }
      for (name, bytes) in reader.all({ ($0.text(), $0.int()) }) { longest[name] = bytes }
      count = Int(reader.number(UInt32.self))
      let parts = reader.all { (Section(offset: $0.int(), length: $0.int()), $0.number(UInt32.self)) }
      guard reader.isSound, parts.count == 3 else { return nil }
      for (section, checksum) in parts {
        guard section.offset >= headSize, section.length >= 0, section.offset <= offset - section.length else {
          return nil
        }
        let part = UnsafeRawBufferPointer(rebasing: bytes[section.offset..<section.offset + section.length])
        guard Checksum.crc32c(part) == checksum else { return nil }
      }
      (texts, ids, rows) = (parts[0].0, parts[1].0, parts[2].0)
      guard rows.length == count * IndexRow.size, files.allSatisfy(Self.isRecordFile) else { return nil }
      for (number, bytes, modified) in marked {
        guard files.indices.contains(Int(number)) else { return nil }
        marks[files[Int(number)]] = ReadMark(bytes: bytes, modified: Int64(modified))
      }
      self.files = files
    }
  }
}
