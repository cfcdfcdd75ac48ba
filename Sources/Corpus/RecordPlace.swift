import JSON
import Platform

/// A problem met while reading record files, for `check` and for the person.
struct RecordFinding: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A line that is no record.
    case damaged
    /// A record that was never acknowledged; the rest of the file is sound.
    case torn
    /// A whole record that counts, though its line feed is missing or changed; it belongs at `offset`.
    case lineEnd
    /// Records before this one are missing.
    case missing
    /// A sound record dated later than any clock may be; it counts as the oldest.
    case ahead
    /// The file, or the rest of it, cannot be read.
    case unreadable
  }

  var path: String
  var offset: Int
  var kind: Kind
  var reason: String
}

/// Times of records.
enum RecordTime {
  /// Times a record may have, in microseconds: 1970 to 9999.
  static let all: Range<Int64> = 0..<253_402_300_800_000_000

  /// How far the clocks of machines that share a corpus may differ: a year. Within it every writer dates its records after those it has
  /// seen; what is dated later than that must not push the clocks of all others.
  static let slack: Int64 = 366 * 86_400_000_000

  static func isAhead(_ time: Int64) -> Bool { time > Clock.now() + slack }

  /// The time that counts: 0 for a record that is ahead.
  static func counted(_ time: Int64) -> Int64 { isAhead(time) ? 0 : time }
}

/// Where a record stands: its line without the line feed.
struct RecordPlace: Hashable, Sendable {
  /// Relative to the corpus: `journal/<writer>.jsonl`.
  var file: String
  var offset: Int
  var length: Int

  /// The record; nil where something else stands there now, or nothing can be read.
  func record(in corpus: String) -> JSONValue? {
    guard offset >= 0, (1...RecordLine.longest).contains(length) else { return nil }
    do throws(SystemError) {
      let file = try InputFile(path: corpus + "/" + self.file)
      // The place may come from a forged index: the file decides how much memory is taken.
      guard offset <= file.size - length else { return nil }
      let line = try file.read(at: offset, count: length)
      return line.count == length ? RecordLine.open(line) : nil
    } catch {
      return nil
    }
  }
}

extension AppendFile {
  /// A record file of this process: folders above it that are missing are made, and all their names flushed.
  convenience init(record name: String, in corpus: String) throws(SystemError) {
    let path = corpus + "/" + name
    var folder = Files.parent(path)
    try Files.makeFolder(folder)
    while folder.utf8.count > corpus.utf8.count {
      try Files.flushFolder(of: folder)
      folder = Files.parent(folder)
    }
    try self.init(path: path)
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
