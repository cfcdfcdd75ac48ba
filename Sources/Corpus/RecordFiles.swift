import Glibc
import Platform

// Journals and readings are read in the same way: each file from where it was left the last time, whole records only. How far each was
// read when the index was written stands in the index, so that opening a corpus reads what came since, and nothing else.
//
// A file that cannot be read (another user's, on a bad sector, no plain file) is passed over and told: it keeps nobody from the others.

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
  private var told: [RecordFinding] = []
  /// Findings of each kind in each file, also those that are summed up.
  private var counts: [String: [RecordFinding.Kind: Int]] = [:]
  /// The checksum of the last record of each file, where it is known.
  private var sums: [String: UInt32] = [:]

  /// The size of each file that has bytes behind its last line feed, when it was last read.
  private var tails: [String: Int] = [:]

  /// So many of a kind in a file are told one by one.
  private static let mostOfAKind = 100

  enum Step {
    case nothing
    /// The file is not what it was when it was last read; it must be read from its beginning.
    case rewritten
    case read
  }

  /// All findings; of those beyond the first hundred of a kind in a file the number.
  var findings: [RecordFinding] {
    let more = counts.sorted { $0.key < $1.key }.flatMap { path, kinds in
      kinds.filter { $0.value > Self.mostOfAKind }.map { kind, count in
        RecordFinding(
          path: path, offset: 0, kind: kind,
          reason:
            "\(count - Self.mostOfAKind) more of that kind (\"\(told.last { $0.path == path && $0.kind == kind }!.reason)\")"
        )
      }
    }
    return told + more
  }

  private mutating func tell(_ path: String, _ offset: Int, _ kind: RecordFinding.Kind, _ reason: String) {
    let count = (counts[path]?[kind] ?? 0) + 1
    counts[path, default: [:]][kind] = count
    if count <= Self.mostOfAKind {
      told.append(RecordFinding(path: path, offset: offset, kind: kind, reason: reason))
    }
  }

  private mutating func forget(_ path: String, _ kinds: Set<RecordFinding.Kind>) {
    guard let known = counts[path], !kinds.isDisjoint(with: known.keys) else { return }
    told.removeAll { $0.path == path && kinds.contains($0.kind) }
    for kind in kinds { counts[path]?[kind] = nil }
  }

  /// Notes what this process has appended itself.
  mutating func extend(_ name: String, by line: [UInt8]) {
    marks[name] = ReadMark(bytes: (marks[name]?.bytes ?? 0) + line.count, modified: ReadMark.unknown)
    sums[name] = line.withUnsafeBytes { RecordLine.sum(of: UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
  }

  /// The checksum of the last record this process appended to a file of its own; 0 for none.
  func lastSum(of name: String) -> UInt32 { sums[name] ?? 0 }

  /// Reads what was appended to `name` (relative to `corpus`) since the last time: `body` is lent each record and its place, and says what is
  /// wrong with it, nil for nothing.
  mutating func read(
    _ name: String, in corpus: String, _ body: (UnsafeRawBufferPointer, RecordPlace) -> RecordFinding.Kind?
  ) throws(SystemError) -> Step {
    let path = corpus + "/" + name
    let known = marks[name]?.bytes ?? 0
    guard let status = Files.status(path) else { return known > 0 ? .rewritten : .nothing }
    guard status.kind == .file else {
      forget(path, [.unreadable])
      if status.kind == .other { tell(path, 0, .unreadable, "is a pipe, a socket or a device, and was passed over") }
      return known > 0 ? .rewritten : .nothing
    }
    guard status.size != known, status.size != tails[name] else { return .nothing }
    guard status.size > known else { return .rewritten }
    do throws(SystemError) {
      return try read(try InputFile(path: path), name, from: known, body)
    } catch {
      // Too few descriptors or too little memory are this process's troubles, not the file's.
      guard ![EMFILE, ENFILE, ENOMEM].contains(error.errno) else { throw error }
      forget(path, [.unreadable])
      tell(path, marks[name]?.bytes ?? 0, .unreadable, "cannot be read and was passed over: \(error.reason)")
      return .nothing
    }
  }

  private mutating func read(
    _ file: InputFile, _ name: String, from known: Int,
    _ body: (UnsafeRawBufferPointer, RecordPlace) -> RecordFinding.Kind?
  ) throws(SystemError) -> Step {
    let path = file.path
    if known > 0 {
      // Where a record was read that its writer then took back, another may have taken its place.
      let end = try file.read(at: known - min(known, 64), count: min(known, 64))
      guard end.last == 0x0A else { return .rewritten }
      sums[name] = end.withUnsafeBytes { RecordLine.sum(of: UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
    }
    forget(path, [.torn, .lineEnd, .unreadable])
    var position = known
    var rest: [UInt8] = []
    var isSkipping = false
    while true {
      let piece = try file.read(at: position + rest.count, count: 1 << 20)
      if piece.isEmpty { break }
      rest += piece
      let used = rest.withUnsafeBytes { bytes -> Int in
        var begin = 0
        while let end = bytes[begin...].firstIndex(of: 0x0A) {
          if !isSkipping {
            take(UnsafeRawBufferPointer(rebasing: bytes[begin..<end]), at: position + begin, name, path, body)
          }
          isSkipping = false
          begin = end + 1
        }
        return begin
      }
      position += used
      rest.removeFirst(used)
      if rest.count > RecordLine.longest {
        if !isSkipping { tell(path, position, .damaged, "a line longer than any record was passed over") }
        isSkipping = true
        position += rest.count
        rest = []
      }
    }
    let isWhole = rest.isEmpty && !isSkipping
    marks[name] = ReadMark(
      bytes: position, modified: isWhole && position == file.size ? file.modified : ReadMark.unknown)
    tails[name] = rest.isEmpty ? nil : position + rest.count
    if !rest.isEmpty { takeTail(rest, at: position, name, path, body) }
    return .read
  }

  /// One whole line.
  private mutating func take(
    _ line: UnsafeRawBufferPointer, at offset: Int, _ name: String, _ path: String,
    _ body: (UnsafeRawBufferPointer, RecordPlace) -> RecordFinding.Kind?
  ) {
    guard RecordLine.isSound(line) else {
      for range in RecordLine.wholeRecords(in: line) {
        take(
          UnsafeRawBufferPointer(rebasing: line[range]), at: offset + range.lowerBound, name, path, body)
        let end = offset + range.upperBound
        if range.upperBound < line.count { tell(path, end, .lineEnd, "the line feed behind a record is damaged") }
      }
      if RecordLine.wholeRecords(in: line).isEmpty {
        tell(path, offset, .damaged, "a damaged record was passed over")
        sums[name] = nil
      }
      return
    }
    if let chain = RecordLine.chain(of: line), let expected = offset == 0 ? 0 : sums[name], chain != expected {
      tell(path, offset, .missing, "records before this one are missing")
    }
    sums[name] = RecordLine.sum(of: line)
    switch body(line, RecordPlace(file: name, offset: offset, length: line.count)) {
    case nil: break
    case .ahead?:
      tell(
        path, offset, .ahead,
        "a record is dated more than a year ahead of this machine's clock; it counts as the oldest")
    case let kind?: tell(path, offset, kind, "a damaged record was passed over")
    }
  }

  /// Bytes behind the last line feed. They stay unread: whoever writes the file may not be done.
  private mutating func takeTail(
    _ bytes: [UInt8], at offset: Int, _ name: String, _ path: String,
    _ body: (UnsafeRawBufferPointer, RecordPlace) -> RecordFinding.Kind?
  ) {
    let whole = bytes.withUnsafeBytes { RecordLine.wholeRecords(in: $0) }
    guard !whole.isEmpty else {
      return tell(
        path, offset, .torn, "a torn last record (\(bytes.count) bytes, never acknowledged) was passed over")
    }
    bytes.withUnsafeBytes { bytes in
      for range in whole {
        take(UnsafeRawBufferPointer(rebasing: bytes[range]), at: offset + range.lowerBound, name, path, body)
        tell(path, offset + range.upperBound, .lineEnd, "the line feed behind a record is missing or damaged")
      }
    }
  }

  /// The marks an index may rely on: files with damaged records are read whole every time, so that the damage is told every time.
  func reliable(in corpus: String) -> [String: ReadMark] {
    marks.filter { name, _ in counts[corpus + "/" + name]?.keys.allSatisfy { $0 == .torn } ?? true }
  }
}
