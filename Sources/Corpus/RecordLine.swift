import JSON
import Platform

// Journals and readings are files of records, one JSON object a line. The last members of every object are `chain` and `crc`. `crc` is
// the CRC-32C, as eight hexadecimal digits, of all bytes of the line before `,"crc"`; `chain` is the `crc` of the record before it in
// the file, 00000000 in the first one. Records of format 1 as it was at first have no `chain`.
//
//   {"time":1700000000000000,…,"chain":"90ab12cd","crc":"1a2b3c4d"}\n
//
// Recovery rules:
// - A record counts when its checksum is right and a line feed ends it.
// - Bytes after the last line feed that are no whole record are a torn tail: a record that was never acknowledged. They are passed over by
//   readers and cut by `check --repair`.
// - A line with a wrong checksum is damage: it is passed over and reported, never silently. Where it is whole records whose line feeds were
//   changed, those count, and `check --repair` puts the line feeds back.
// - A `chain` that is not the checksum of the record before it says that records are missing there.

enum RecordLine {
  private static let mark = Array(#","crc":""#.utf8)
  private static let tail = 18  // ,"crc":"12345678"}
  private static let chainMark = Array(#","chain":""#.utf8)
  private static let chainLength = 19  // ,"chain":"12345678"

  /// Bytes a record may have, its line feed not counted: far more than a page of candidates, and little enough to hold in memory.
  static let longest = 64 << 20

  /// The line of an object that follows a record with the checksum `previous` (0: none), its own checksum and line feed included.
  static func seal(_ value: JSONValue, after previous: UInt32 = 0) -> [UInt8] {
    var line = value.serialised()
    line.removeLast()
    line += chainMark
    line += digits(previous)
    line.append(UInt8(ascii: "\""))
    let sum = Checksum.crc32c(line)
    line += mark
    line += digits(sum)
    line += Array("\"}\n".utf8)
    return line
  }

  /// Eight hexadecimal digits.
  private static func digits(_ sum: UInt32) -> [UInt8] {
    (0..<8).map { place in
      let digit = UInt8(sum >> (28 - 4 * place) & 15)
      return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
  }

  /// Eight hexadecimal digits; nil for other bytes.
  private static func number(_ digits: UnsafeRawBufferPointer) -> UInt32? {
    digits.count == 8 ? UInt32(String(decoding: digits, as: UTF8.self), radix: 16) : nil
  }

  /// The checksum that stands in a record, right or wrong.
  static func sum(of line: UnsafeRawBufferPointer) -> UInt32? {
    guard line.count > tail else { return nil }
    return number(UnsafeRawBufferPointer(rebasing: line[(line.count - 10)..<(line.count - 2)]))
  }

  /// The checksum that the record before must have; nil where a sound record does not say.
  static func chain(of line: UnsafeRawBufferPointer) -> UInt32? {
    let start = line.count - tail - chainLength
    guard start > 0, line[start..<start + chainMark.count].elementsEqual(chainMark) else { return nil }
    return number(UnsafeRawBufferPointer(rebasing: line[(start + chainMark.count)..<(start + chainMark.count + 8)]))
  }

  /// The object of a line without its line feed, or nil where the checksum is wrong.
  static func open(_ line: UnsafeRawBufferPointer) -> JSONValue? {
    guard isSound(line) else { return nil }
    do { return try JSONValue.parse(line) } catch { return nil }
  }

  static func open(_ line: [UInt8]) -> JSONValue? { line.withUnsafeBytes { open($0) } }

  static func isSound(_ line: UnsafeRawBufferPointer) -> Bool {
    guard line.count > tail else { return false }
    let start = line.count - tail
    guard line[start..<start + mark.count].elementsEqual(mark), let sum = sum(of: line), line[line.count - 2] == 0x22,
      line[line.count - 1] == 0x7D
    else { return false }
    return Checksum.crc32c(UnsafeRawBufferPointer(rebasing: line[..<start])) == sum
  }

  /// The whole records that a damaged line consists of, each parted from the next by one changed byte; empty where any part is no record. The
  /// last may end the line, or have one more byte behind it.
  static func wholeRecords(in line: UnsafeRawBufferPointer) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var (begin, place) = (0, 0)
    // A few tries: a line of many marks must not take time without end.
    var tries = 0
    while place + tail <= line.count, tries < 64 {
      guard let next = line[place...(line.count - tail)].firstIndex(of: mark[0]) else { break }
      place = next + 1
      guard line[next..<next + mark.count].elementsEqual(mark) else { continue }
      tries += 1
      let end = next + tail
      guard isSound(UnsafeRawBufferPointer(rebasing: line[begin..<end])) else { continue }
      found.append(begin..<end)
      begin = min(end + 1, line.count)
      place = begin
    }
    return begin >= line.count ? found : []
  }
}
