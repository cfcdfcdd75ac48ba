// The index of a source stands beside its rows as NAME.index; it may be deleted at any time and is made anew. Numbers are little-endian.
//    0  "grapheion-texts" and a byte, the version (16 bytes)
//   16  size of the rows in bytes (u64), when they were last written, in ns (u64)
//   32  number of letters, of lines, of texts, of rows that could not be read (u32 each)
//   48  the letters, a byte each (`TextLetters`), filled up to a multiple of 4 with 0
//       where their ends begin, in alphabetical order (u32, one a letter)
//       number of the first letter of each line (u32, one a line and one more)
//       where each line's row begins among the rows (u32, one a line)
//       number of the first line of each text (u32, one a text and one more)
import Glibc
import Platform

/// The letters of one source of known texts with a suffix array: where any run of letters stands is found in microseconds. Read-only, mapped from disk.
///
/// 5 bytes a letter and 8 a line. What a damaged file says is never followed out of its bounds.
public final class TextIndex: Sendable {
  /// How many letters, losses and ends of texts included.
  public let count: Int
  public let lineCount: Int
  public let textCount: Int
  /// Rows that had not five columns.
  public let unreadable: Int
  private let file: MappedFile
  /// Read, not mapped: the quotes of a day's work would bring all of it into memory.
  private let rows: InputFile
  // Into `file`, which lives as long as this object.
  private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  private let orderStart, lineLetterStart, lineRowStart, textLineStart: Int

  private static let magic = Array("grapheion-texts".utf8) + [1]
  private static let headSize = 48

  /// nil where `file` is no index of these rows as they are now.
  private init?(file: MappedFile, rows: InputFile) {
    let bytes = file.withBytes { $0 }
    guard bytes.count >= Self.headSize, bytes.starts(with: Self.magic),
      bytes.load(fromByteOffset: 16, as: UInt64.self) == UInt64(rows.size),
      bytes.load(fromByteOffset: 24, as: Int64.self) == rows.modified
    else { return nil }
    func number(_ offset: Int) -> Int { Int(bytes.load(fromByteOffset: offset, as: UInt32.self)) }
    count = number(32)
    lineCount = number(36)
    textCount = number(40)
    unreadable = number(44)
    orderStart = Self.headSize + (count + 3) / 4 * 4
    lineLetterStart = orderStart + 4 * count
    lineRowStart = lineLetterStart + 4 * (lineCount + 1)
    textLineStart = lineRowStart + 4 * lineCount
    guard bytes.count == textLineStart + 4 * (textCount + 1) else { return nil }
    self.bytes = bytes
    self.file = file
    self.rows = rows
  }

  /// Opens the index of the rows at `path`; where it is missing, or older than they are, it is made.
  public static func open(rows path: String) throws(TextsError) -> TextIndex {
    let place = self.path(for: path)
    do throws(SystemError) {
      let rows = try InputFile(path: path)
      if let file = try? MappedFile(path: place), let index = TextIndex(file: file, rows: rows) { return index }
      try write(try MappedFile(path: path), to: place)
      if let index = TextIndex(file: try MappedFile(path: place), rows: rows) { return index }
    } catch {
      throw TextsError(.unreadable, "\(error)")
    }
    throw TextsError(.unreadable, "\(path) was written to while its index was made")
  }

  /// Where the index of some rows stands.
  static func path(for rows: String) -> String {
    (rows.hasSuffix(".tsv") ? String(rows.dropLast(4)) : rows) + ".index"
  }

  /// Whether an index that fits stands there, so that opening it costs nothing.
  static func isReady(rows path: String) -> Bool {
    guard let rows = try? InputFile(path: path), let file = try? MappedFile(path: self.path(for: path)) else {
      return false
    }
    return TextIndex(file: file, rows: rows) != nil
  }

  // MARK: Making

  /// - Complexity: linear; about 4 s and, beside the file, 7 bytes a letter for 20 million letters.
  private static func write(_ rows: MappedFile, to path: String) throws(SystemError) {
    let scanned = rows.withBytes { scan($0) }
    let count = scanned.letters.count
    let order = UnsafeMutableBufferPointer<Int32>.allocate(capacity: count)
    defer { order.deallocate() }
    order.initialize(repeating: 0)
    let plain = scanned.letters.map { $0 & TextLetters.mask }
    plain.withUnsafeBufferPointer { SuffixArray.build($0, top: TextLetters.alphabet.count, into: order) }

    let file = try ReplacementFile(path: path)
    try file.write(magic)
    try file.write(little(UInt64(rows.count)) + little(UInt64(bitPattern: Files.status(rows.path)?.modified ?? 0)))
    let head = [count, scanned.lineLetters.count - 1, scanned.textLines.count - 1, scanned.unreadable]
    for number in head { try file.write(little(UInt32(number))) }
    try file.write(scanned.letters)
    try file.write([UInt8](repeating: 0, count: (4 - count % 4) % 4))
    // In pieces: a copy of all of it would cost as much memory again.
    let raw = UnsafeRawBufferPointer(order)
    for start in stride(from: 0, to: raw.count, by: 1 << 20) {
      try file.write(raw[start..<min(raw.count, start + 1 << 20)])
    }
    for numbers in [scanned.lineLetters, scanned.lineRows, scanned.textLines] {
      try file.write(numbers.withUnsafeBytes { Array($0) })
    }
    try file.commit()
  }

  private static func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private struct Scanned {
    var letters: [UInt8] = []
    var lineLetters: [UInt32] = []
    var lineRows: [UInt32] = []
    var textLines: [UInt32] = []
    var unreadable = 0
  }

  /// Rows to letters. Rows of one text stand together; a text ends where the name changes.
  private static func scan(_ bytes: UnsafeRawBufferPointer) -> Scanned {
    var scanned = Scanned()
    var writer = RowLetters()
    var name: [UInt8] = []
    var start = 0
    while start < bytes.count, start < Int(UInt32.max) {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      defer { start = end + 1 }
      if end == start { continue }
      guard let row = TextRow(Array(bytes[start..<end])[...]) else {
        scanned.unreadable += 1
        continue
      }
      if !row.name.elementsEqual(name) || scanned.textLines.isEmpty {
        writer.endText()
        name = Array(row.name)
        scanned.textLines.append(UInt32(scanned.lineRows.count))
      }
      // 4 bytes count letters.
      guard writer.letters.count < Int(Int32.max) - 2 * row.words.count else { break }
      scanned.lineLetters.append(UInt32(writer.letters.count))
      scanned.lineRows.append(UInt32(start))
      writer.append(row.words)
    }
    writer.endText()
    scanned.letters = writer.letters
    scanned.lineLetters.append(UInt32(writer.letters.count))
    scanned.textLines.append(UInt32(scanned.lineRows.count))
    return scanned
  }

  // MARK: Reading

  private func number(_ start: Int, _ index: Int) -> Int {
    Int(bytes.load(fromByteOffset: start + 4 * index, as: UInt32.self))
  }

  /// The letter at a place with its marks; 0 outside of the texts.
  @inline(__always)
  func letter(_ place: Int) -> UInt8 { place >= 0 && place < count ? bytes[Self.headSize + place] : 0 }

  /// The place where the end begins that is `rank`th in alphabetical order.
  @inline(__always)
  func place(_ rank: Int) -> Int { number(orderStart, rank) }

  /// The line that a letter stands in.
  public func line(of place: Int) -> Int { lastIndex(lineLetterStart, lineCount, place) }

  /// The text that a line belongs to.
  public func text(ofLine line: Int) -> Int { lastIndex(textLineStart, textCount, line) }

  /// The last of ascending numbers that is not above `value`.
  private func lastIndex(_ start: Int, _ count: Int, _ value: Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if number(start, middle) <= value { low = middle + 1 } else { high = middle }
    }
    return max(0, low - 1)
  }

  /// The lines of a text.
  public func lines(ofText text: Int) -> Range<Int> {
    guard text >= 0, text < textCount else { return 0..<0 }
    let (first, end) = (number(textLineStart, text), number(textLineStart, text + 1))
    return first <= end && end <= lineCount ? first..<end : 0..<0
  }

  /// The places of a line's letters.
  public func letters(ofLine line: Int) -> Range<Int> {
    guard line >= 0, line < lineCount else { return 0..<0 }
    let (first, end) = (number(lineLetterStart, line), number(lineLetterStart, line + 1))
    return first <= end && end <= count ? first..<end : 0..<0
  }

  /// What a line's row says.
  public func line(_ line: Int) -> KnownLine? {
    guard line >= 0, line < lineCount else { return nil }
    let start = number(lineRowStart, line)
    let next = line + 1 < lineCount ? number(lineRowStart, line + 1) : rows.size
    guard start < next, next <= rows.size, let bytes = try? rows.read(at: start, count: next - start),
      let row = TextRow(bytes.prefix { $0 != 0x0A })
    else { return nil }
    func string(_ part: ArraySlice<UInt8>) -> String { String(decoding: part, as: UTF8.self) }
    return KnownLine(
      text: string(row.name), numbers: string(row.numbers).split(separator: " ").map(String.init),
      hand: string(row.hand), label: string(row.label), words: string(row.words))
  }
}

/// One line of a known text.
public struct KnownLine: Hashable, Sendable {
  /// The text's name, `bgu.1.100`.
  public let text: String
  /// Its numbers in Trismegistos.
  public let numbers: [String]
  public let hand: String
  /// The line's label in the edition.
  public let label: String
  /// As edited, with the marks of `TextRow`.
  public let words: String
}
