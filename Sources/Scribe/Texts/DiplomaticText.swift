// The text files are tab-separated lines `file  TM  hand  line  text`, one physical line of a papyrus each. In the text, `[..]` is restored,
// `(..)` expanded, `<..>` left out by the scribe, `⟦..⟧` deleted; `{..}` and `\../` stand on the papyrus; `|..|` tells of gaps and values,
// `@^place^` of corrections. The diplomatic letter stream keeps what the ink shows: 24 capitals, nothing else.

extension LineTexts {
  /// Reads lines of real papyri from a file, `.xz` (through the installed `xz`) or plain.
  ///
  /// - Parameter limit: lines at most; all of the 720,000 take about 3 s and 20 MB.
  public static func load(path: String, limit: Int = .max) throws(ScribeError) -> LineTexts {
    LineTexts(lines: try DiplomaticText.lines(path: path, limit: limit) { DiplomaticText.letters($0) })
  }

  /// The lines of such a file in symbols: letters from 1, and 0 where something is lost between them.
  public static func symbols(path: String) throws(ScribeError) -> [[UInt8]] {
    try DiplomaticText.lines(path: path, limit: .max) { DiplomaticText.letters($0, gap: 255).map { $0 &+ 1 } }
  }
}

/// From a row's text to letters 0 ..< 24.
enum DiplomaticText {
  /// What `letters` makes of the last column of each row; what comes out shorter than two letters is left out.
  static func lines(
    path: String, limit: Int, letters: (ArraySlice<UInt8>) -> [UInt8]
  ) throws(ScribeError) -> [[UInt8]] {
    let data = path.hasSuffix(".xz") ? try ByteInput.decompressed(path) : try ByteInput.file(path)
    var lines: [[UInt8]] = []
    for row in data.split(separator: 0x0A) {
      guard lines.count < limit else { break }
      var tabs = 0
      guard
        let text = row.firstIndex(where: { byte in
          if byte == 0x09 { tabs += 1 }
          return tabs == 4
        })
      else { continue }
      let found = letters(row[(text + 1)...])
      if found.count >= 2 { lines.append(found) }
    }
    guard !lines.isEmpty else {
      throw ScribeError(.malformed, "\(path): no row of five tab-separated columns with Greek in the last")
    }
    return lines
  }

  /// - Parameter gap: put where letters are lost: at `[`, and at what `|..|` tells of.
  static func letters(_ text: ArraySlice<UInt8>, gap: UInt8? = nil) -> [UInt8] {
    var result: [UInt8] = []
    var hidden: [UInt32] = []
    var at = text.startIndex
    while let scalar = next(text, &at) {
      if let waiting = hidden.last {
        if scalar == waiting { hidden.removeLast() } else if let end = closing[scalar] { hidden.append(end) }
        continue
      }
      if let end = closing[scalar] {
        hidden.append(end)
        if let gap, scalar == 0x5B || scalar == 0x7C { result.append(gap) }
        continue
      }
      let letter = letter(scalar)
      if letter < 24 { result.append(letter) }
    }
    return result
  }

  /// What hides the text up to its closing mark.
  private static let closing: [UInt32: UInt32] = [
    0x5B: 0x5D, 0x28: 0x29, 0x3C: 0x3E, 0x27E6: 0x27E7, 0x301A: 0x301B, 0x7C: 0x7C, 0x5E: 0x5E,
  ]

  /// The next scalar of UTF-8; bytes that are none are stepped over.
  @inline(__always)
  private static func next(_ bytes: ArraySlice<UInt8>, _ at: inout Int) -> UInt32? {
    guard at < bytes.endIndex else { return nil }
    let first = bytes[at]
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    var value = UInt32(length == 1 ? first : first & (0xFF >> UInt8(length + 1)))
    for i in 1..<max(2, length) where length > 1 && at + i < bytes.endIndex {
      value = value << 6 | UInt32(bytes[at + i] & 0x3F)
    }
    at += length
    return value
  }

  /// The letter of a Greek scalar whatever its accents and case; 255 for anything else.
  static func letter(_ scalar: UInt32) -> UInt8 {
    switch scalar {
    case 0x370..<0x400: basic[Int(scalar - 0x370)]
    case 0x1F00..<0x2000: extended[Int(scalar - 0x1F00)]
    default: 255
    }
  }

  private static let basic: [UInt8] = {
    var table = [UInt8](repeating: 255, count: 0x90)
    for i in 0..<25 {
      // Both sigmas are one letter.
      let letter = UInt8(i < 17 ? i : max(17, i - 1))
      if i != 17 { table[0x391 - 0x370 + i] = letter }
      table[0x3B1 - 0x370 + i] = letter
    }
    let others: [(Int, UInt8)] = [
      (0x386, 0), (0x388, 4), (0x389, 6), (0x38A, 8), (0x38C, 14), (0x38E, 19), (0x38F, 23), (0x390, 8), (0x3AA, 8),
      (0x3AB, 19), (0x3AC, 0), (0x3AD, 4), (0x3AE, 6), (0x3AF, 8), (0x3B0, 19), (0x3CA, 8), (0x3CB, 19), (0x3CC, 14),
      (0x3CD, 19), (0x3CE, 23), (0x3F2, 17), (0x3F9, 17),
    ]
    for (scalar, letter) in others { table[scalar - 0x370] = letter }
    return table
  }()

  private static let extended: [UInt8] = {
    var table = [UInt8](repeating: 255, count: 0x100)
    let rows: [(ClosedRange<Int>, UInt8)] = [
      (0x00...0x0F, 0), (0x10...0x1D, 4), (0x20...0x2F, 6), (0x30...0x3F, 8), (0x40...0x4D, 14), (0x50...0x5F, 19),
      (0x60...0x6F, 23), (0x70...0x71, 0), (0x72...0x73, 4), (0x74...0x75, 6), (0x76...0x77, 8), (0x78...0x79, 14),
      (0x7A...0x7B, 19), (0x7C...0x7D, 23), (0x80...0x8F, 0), (0x90...0x9F, 6), (0xA0...0xAF, 23), (0xB0...0xBC, 0),
      (0xC2...0xC7, 6), (0xC8...0xC9, 4), (0xCA...0xCC, 6), (0xD0...0xDB, 8), (0xE0...0xEB, 19), (0xE4...0xE5, 16),
      (0xEC...0xEC, 16), (0xF2...0xF7, 23), (0xF8...0xF9, 14), (0xFA...0xFC, 23),
    ]
    for (range, letter) in rows { for scalar in range { table[scalar] = letter } }
    return table
  }()
}
