import Platform

/// Bytes changed by chance, and checksums put right again, so that the change reaches what stands behind them.
enum AttackMutation {
  /// One to four changes.
  static func mutated(_ bytes: [UInt8], _ dice: inout Attack.Dice) -> [UInt8] {
    var bytes = bytes
    for _ in 0...dice.next(4) { change(&bytes, &dice) }
    return bytes
  }

  private static let numbers: [UInt64] = [
    0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF,
    0xFFFF_FFFF_FFFF_FFFF,
  ]
  private static let words = [
    "99999999999999999999", "-1", "1e400", "-0", "1e7", "9999999.97", "null", "[[[[[[[[", "{\"a\":", "\"\\ud800\"",
    "\u{1B}[2J", "\u{202E}",
    "<!--", "<?", "<![CDATA[", "&#x0;", "&#1114112;", "]]>", "<a a='", "<=", "//", "((", "|_", "$", "<#", "〚",
    "\u{323}\u{323}\u{323}\u{323}\u{323}",
    "../../../etc/passwd", "\0", "253402300799999999", "9223372036854775807", "-9223372036854775808", "1e308", "NaN",
    "4294967296", "\u{10F7E1}", "\t", "\t\t\t\t\t",
  ]

  private static func change(_ bytes: inout [UInt8], _ dice: inout Attack.Dice) {
    guard !bytes.isEmpty else {
      bytes = [UInt8(dice.next(256))]
      return
    }
    let place = dice.next(bytes.count)
    switch dice.next(9) {
    case 0: bytes[place] ^= 1 << UInt8(dice.next(8))
    case 1: bytes[place] = UInt8(dice.next(256))
    case 2: bytes.removeSubrange(place...)
    case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + dice.next(64)))
    case 4:
      let length = min(bytes.count - place, 1 + dice.next(256))
      bytes.insert(contentsOf: Array(bytes[place..<place + length]), at: dice.next(bytes.count))
    case 5:
      let size = dice.pick([1, 2, 4, 8])
      let number = dice.pick(numbers)
      let little = (0..<size).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
      for (offset, byte) in (dice.next(2) == 0 ? little : little.reversed()).enumerated()
      where place + offset < bytes.count {
        bytes[place + offset] = byte
      }
    case 6: bytes.insert(contentsOf: Array(dice.pick(words).utf8), at: place)
    case 7:
      // A number in a text becomes another.
      guard let start = bytes[place...].firstIndex(where: { (0x30...0x39).contains($0) }) else { return }
      let end = bytes[start...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.count
      bytes.replaceSubrange(start..<end, with: Array(dice.pick(words).utf8))
    default: bytes.append(contentsOf: (0...dice.next(40)).map { _ in UInt8(dice.next(256)) })
    }
  }

  // MARK: Checksums put right

  /// A tar archive: nothing to put right, but the sizes and names in the heads are where changes tell. One number of one head is another.
  static func tarHead(_ bytes: [UInt8], _ dice: inout Attack.Dice) -> [UInt8] {
    var bytes = bytes
    guard bytes.count > 1024 else { return bytes }
    let head = 512 * dice.next(min(bytes.count / 512 - 1, 64))
    let digits = dice.pick(["00000000000", "77777777777", "00000001000", "-1", "99999999999", "", "7777777777777"])
    for (offset, byte) in digits.utf8.enumerated() { bytes[head + 124 + offset] = byte }
    return bytes
  }

  /// A checkpoint: the CRC-32C of everything but its own place, and a mark that there is one (`Checkpoint`).
  static func checkpoint(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 72 else { return bytes }
    var bytes = bytes
    let sum = bytes.withUnsafeBytes { all in
      Checksum.crc32c(
        UnsafeRawBufferPointer(rebasing: all[64...]),
        from: Checksum.crc32c(UnsafeRawBufferPointer(rebasing: all[..<56])))
    }
    let mark = 1 << 32 | UInt64(sum)
    for offset in 0..<8 { bytes[56 + offset] = UInt8(truncatingIfNeeded: mark >> UInt64(8 * offset)) }
    return bytes
  }

  /// PNG: each chunk's CRC-32 (ISO 3309).
  static func png(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var place = 8
    while place + 12 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - place - 12 else { break }
      var sum = ~UInt32(0)
      for byte in bytes[(place + 4)..<(place + 8 + length)] {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
      }
      for offset in 0..<4 {
        bytes[place + 8 + length + offset] = UInt8(truncatingIfNeeded: ~sum >> (24 - 8 * UInt32(offset)))
      }
      place += 12 + length
    }
    return bytes
  }

  /// Journals and readings: each line's `crc`.
  static func records(_ bytes: [UInt8]) -> [UInt8] {
    let mark = Array(#","crc":""#.utf8)
    return Array(
      bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line -> [UInt8] in
        guard line.count > 18 else { return Array(line) }
        let body = Array(line.dropLast(18))
        guard line.dropFirst(body.count).starts(with: mark) else { return Array(line) }
        let digits = String(Checksum.crc32c(body), radix: 16)
        return body + mark + Array((String(repeating: "0", count: 8 - digits.count) + digits + "\"}").utf8)
      }.joined(separator: [0x0A]))
  }

  /// The index: the directory's checksum, and those of the sections and entries it names (`CorpusIndex`).
  static func index(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    guard bytes.count >= 32 else { return bytes }
    func number(_ place: Int, _ size: Int) -> Int {
      (0..<size).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
    }
    func put(_ sum: UInt32, at place: Int) {
      for offset in 0..<4 { bytes[place + offset] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * offset)) }
    }
    let offset = Int(truncatingIfNeeded: number(16, 8))
    guard offset >= 32, offset < bytes.count, bytes.count - offset >= 64 else { return bytes }
    // The three sections stand at the directory's end: offset, length, checksum.
    for part in 0..<3 {
      let entry = bytes.count - 60 + part * 20
      let (start, length) = (number(entry, 8), number(entry + 8, 8))
      guard start >= 32, length >= 0, start <= offset, length <= offset - start else { continue }
      put(Checksum.crc32c(Array(bytes[start..<start + length])), at: entry + 16)
      // The last one holds the rows, whose spans name entries and letters with a checksum behind each.
      guard part == 2 else { continue }
      for row in stride(from: start, to: start + length - 95, by: 96) {
        for span in [60, 72] {
          let (first, count) = (number(row + span, 8), number(row + span + 8, 4))
          guard first >= 32, first < offset, count >= 0, count <= offset - first - 4 else { continue }
          put(Checksum.crc32c(Array(bytes[first..<first + count])), at: first + count)
        }
      }
    }
    put(Checksum.crc32c(Array(bytes[offset...])), at: 12)
    return bytes
  }

  /// Tiles: the header's checksum.
  static func tiles(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 68 else { return bytes }
    var bytes = bytes
    let sum = Checksum.crc32c(Array(bytes[..<64]))
    for offset in 0..<4 { bytes[64 + offset] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * offset)) }
    return bytes
  }
}
