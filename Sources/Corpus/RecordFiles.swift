import JSON
import Platform

// Journals and readings are read in the same way: each file from where it was left the last time, whole records only. How far each was
// read when the index was written stands in the index, so that opening a corpus reads what came since, and nothing else.

/// A problem met while reading record files, for `check` and for the person.
struct RecordFinding: Hashable, Sendable {
  var path: String
  var offset: Int
  var reason: String
  /// A record that was never acknowledged; the rest of the file is sound.
  var isTornTail: Bool
}

/// Where a record stands: its line without the line feed.
struct RecordPlace: Hashable, Sendable {
  /// Relative to the corpus: `journal/<writer>.jsonl`.
  var file: String
  var offset: Int
  var length: Int

  /// The record; nil where something else stands there now.
  func record(in corpus: String) -> JSONValue? {
    let file: MappedFile
    do throws(SystemError) { file = try MappedFile(path: corpus + "/" + self.file) } catch { return nil }
    return file.withBytes { bytes in
      guard offset >= 0, length >= 0, offset <= bytes.count - length else { return nil }
      return RecordLine.open(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]))
    }
  }
}

/// How far one record file was read, and its date of change then.
struct ReadMark: Hashable, Sendable {
  static let unknown: Int64 = -1

  var bytes: Int
  var modified: Int64

  /// Whether a file can still be the one that was read so far: it may have grown since.
  func holds(for path: String) -> Bool {
    guard let status = Files.status(path), status.kind == .file, status.size >= bytes else { return false }
    return status.size > bytes || modified == Self.unknown || modified == status.modified
  }
}

/// How far each file was read, and what was wrong in it.
struct ReadMarks: Sendable {
  var marks: [String: ReadMark] = [:]
  var findings: [RecordFinding] = []

  enum Step {
    case nothing
    /// The file is not what it was when it was last read; it must be read from its beginning.
    case rewritten
    case read
  }

  /// Reads what was appended to `name` (relative to `corpus`) since the last time: `body` is lent each line and its place and says
  /// whether the line was a record.
  mutating func read(
    _ name: String, in corpus: String, _ body: (UnsafeRawBufferPointer, RecordPlace) -> Bool
  ) throws(SystemError) -> Step {
    let path = corpus + "/" + name
    let known = marks[name]?.bytes ?? 0
    guard let status = Files.status(path), status.kind == .file else { return known > 0 ? .rewritten : .nothing }
    guard status.size != known else { return .nothing }
    guard status.size > known else { return .rewritten }
    let file = try MappedFile(path: path)
    var found: [RecordFinding] = []
    let torn = file.withBytes { bytes -> Int? in
      // Where a record was read that its writer then took back, another may have taken its place.
      if known > 0, bytes.count < known || bytes[known - 1] != 0x0A { return nil }
      return RecordLine.forEach(in: bytes, from: known) { line, offset in
        if !body(line, RecordPlace(file: name, offset: offset, length: line.count)) {
          found.append(
            RecordFinding(path: path, offset: offset, reason: "a damaged record was passed over", isTornTail: false))
        }
      }
    }
    guard let torn else { return .rewritten }
    // What came between the look at the date and the map has another date.
    marks[name] = ReadMark(
      bytes: file.count - torn, modified: file.count == status.size && torn == 0 ? status.modified : ReadMark.unknown)
    findings.removeAll { $0.path == path && $0.isTornTail }
    findings += found
    if torn > 0 {
      findings.append(
        RecordFinding(
          path: path, offset: file.count - torn,
          reason: "a torn last record (\(torn) bytes, never acknowledged) was passed over", isTornTail: true))
    }
    return .read
  }

  /// The marks an index may rely on: files with damaged records are read whole every time, so that the damage is told every time.
  func reliable(in corpus: String) -> [String: ReadMark] {
    let damaged = Set(findings.filter { !$0.isTornTail }.map(\.path))
    return marks.filter { !damaged.contains(corpus + "/" + $0.key) }
  }
}

/// Names of record files as the index writes them: by number.
struct RecordFileNumbers {
  private(set) var names: [String]
  private var numbers: [String: Int] = [:]

  init(_ names: [String] = []) {
    self.names = names
    for (number, name) in names.enumerated() { numbers[name] = number }
  }

  mutating func number(of name: String) -> Int {
    if let known = numbers[name] { return known }
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }
}

extension IndexWriter {
  mutating func put(_ place: RecordPlace, in numbers: inout RecordFileNumbers) {
    put(UInt32(numbers.number(of: place.file)))
    put(place.offset)
    put(UInt32(place.length))
  }
}

extension IndexReader {
  /// A file number that is none makes a place where no record is found.
  mutating func place(_ names: [String]) -> RecordPlace {
    let number = Int(self.number(UInt32.self))
    return RecordPlace(
      file: names.indices.contains(number) ? names[number] : "", offset: int(), length: Int(self.number(UInt32.self)))
  }
}
