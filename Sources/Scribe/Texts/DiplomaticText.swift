import Text

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
    while let scalar = UTF8Scalars.next(text, &at) {
      if let waiting = hidden.last {
        if scalar == waiting { hidden.removeLast() } else if let end = closing[scalar] { hidden.append(end) }
        continue
      }
      if let end = closing[scalar] {
        hidden.append(end)
        if let gap, scalar == 0x5B || scalar == 0x7C { result.append(gap) }
        continue
      }
      let letter = Greek.index(of: scalar)
      if letter < 24 { result.append(letter) }
    }
    return result
  }

  /// What hides the text up to its closing mark.
  private static let closing: [UInt32: UInt32] = [
    0x5B: 0x5D, 0x28: 0x29, 0x3C: 0x3E, 0x27E6: 0x27E7, 0x301A: 0x301B, 0x7C: 0x7C, 0x5E: 0x5E,
  ]
}
