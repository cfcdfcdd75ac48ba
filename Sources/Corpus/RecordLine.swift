import JSON
import Platform

// Journals and readings are files of records, one JSON object a line. The last member of every object is `crc`: the
// CRC-32C, as eight hexadecimal digits, of all bytes of the line before `,"crc"`.
//
//   {"time":1700000000000000,…,"crc":"1a2b3c4d"}\n
//
// Recovery rule: a record counts when its line ends with a line feed and its checksum is right. Bytes after the last
// line feed are a torn tail: a record that was never acknowledged. They are passed over by readers and cut by `check --repair`.
// A whole line with a wrong checksum is damage: it is passed over and reported, never silently.

enum RecordLine {
  private static let mark = Array(#","crc":""#.utf8)
  private static let tail = 18  // ,"crc":"12345678"}

  /// The line of an object, its checksum and line feed included.
  static func seal(_ value: JSONValue) -> [UInt8] {
    var line = value.serialised()
    line.removeLast()
    let sum = String(Checksum.crc32c(line), radix: 16)
    line += mark + Array((String(repeating: "0", count: 8 - sum.count) + sum + "\"}\n").utf8)
    return line
  }

  /// The object of a line without its line feed, or nil where the checksum is wrong.
  static func open(_ line: UnsafeRawBufferPointer) -> JSONValue? {
    guard isSound(line) else { return nil }
    do { return try JSONValue.parse(line) } catch { return nil }
  }

  static func isSound(_ line: UnsafeRawBufferPointer) -> Bool {
    guard line.count > tail else { return false }
    let start = line.count - tail
    guard line[start..<start + mark.count].elementsEqual(mark) else { return false }
    let digits = String(decoding: line[(start + mark.count)..<(line.count - 2)], as: UTF8.self)
    guard let sum = UInt32(digits, radix: 16), line[line.count - 2] == 0x22, line[line.count - 1] == 0x7D else {
      return false
    }
    return Checksum.crc32c(UnsafeRawBufferPointer(rebasing: line[..<start])) == sum
  }

  /// Calls `body` with each whole line (without its line feed) and its offset; returns the bytes of the torn tail.
  static func forEach(
    in bytes: UnsafeRawBufferPointer, from start: Int = 0, _ body: (UnsafeRawBufferPointer, Int) -> Void
  ) -> Int {
    var begin = start
    while begin < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[begin...])
      guard let length = rest.firstIndex(of: 0x0A) else { return rest.count }
      body(UnsafeRawBufferPointer(rebasing: rest[..<length]), begin)
      begin += length + 1
    }
    return 0
  }
}
