// A tar archive (POSIX ustar) is a row of 512-byte blocks: a header for each member, then its bytes padded to
// whole blocks; two blocks of zeros end it. Of the header we read the name (bytes 0 ..< 100), the size in octal digits
// (124 ..< 136), the type (156: `0` or NUL for a plain file) and the prefix of long names (345 ..< 500).

/// The plain files of a tar archive held in memory.
struct TarArchive {
  let bytes: [UInt8]
  /// Name without folders to the range of bytes; of two members of one name the later counts.
  let members: [String: Range<Int>]

  init(_ bytes: [UInt8], name: String) throws(ScribeError) {
    var members: [String: Range<Int>] = [:]
    var at = 0
    while at + 512 <= bytes.count, bytes[at] != 0 {
      guard let size = TarArchive.octal(bytes[at + 124..<at + 136]), size <= bytes.count - at - 512 else {
        throw ScribeError(.malformed, "\(name): damaged at byte \(at); a member reaches beyond the end")
      }
      let type = bytes[at + 156]
      if type == 0x30 || type == 0 {
        let path = String(decoding: bytes[at..<at + 100].prefix { $0 != 0 }, as: UTF8.self)
        let file = path.split(separator: "/").last.map(String.init) ?? path
        members[file] = at + 512..<at + 512 + size
      }
      at += 512 + (size + 511) / 512 * 512
    }
    guard !members.isEmpty else { throw ScribeError(.malformed, "\(name): no tar archive") }
    self.bytes = bytes
    self.members = members
  }

  /// Digits up to the first space or NUL; nil where something else stands or the number is beyond 2^40.
  private static func octal(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits.drop(while: { $0 == 0x20 }) {
      if digit == 0 || digit == 0x20 { break }
      guard (0x30...0x37).contains(digit) else { return nil }
      value = value * 8 + Int(digit - 0x30)
      if value > 1 << 40 { return nil }
    }
    return value
  }
}
