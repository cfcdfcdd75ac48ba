/// Makes text from files, journals and messages fit for people and their terminals.
///
/// A title may hold escape sequences, line breaks, or marks that turn the writing direction; none of them may reach a screen or a
/// file of ours. One list says what each scalar is (`Kind`); three verbs say what becomes of it: `cell` and `of` for the screen
/// (`Grid.put` applies them to everything it is given), `displayText` for a message in one line, `line` for a text taken from a foreign file.
/// All are linear.
public enum CleanText {
  /// What is wrong with a scalar.
  enum Kind {
    case plain
    /// C0, DEL and C1: a terminal obeys them.
    case control
    /// Turns the direction of writing, or ends a line without looking so.
    case direction, lineEnd
    /// Says nothing at all, or hides text: the byte order mark, what is no character, tags, and what joins or parts without a width.
    case nothing
  }

  static func kind(of scalar: Unicode.Scalar) -> Kind {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: .control
    case 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: .direction
    case 0x2028, 0x2029: .lineEnd
    case 0x180E, 0x200B, 0x2060...0x2064, 0xFEFF, 0xFFF9...0xFFFB, 0xFFFE, 0xFFFF, 0xE0000...0xE0FFF,
      // Bytes of a file's name that are not UTF-8.
      0x10F700...0x10F7FF:
      .nothing
    default: .plain
    }
  }

  /// Whether a terminal would obey a scalar instead of showing it.
  public static func isControl(_ scalar: Unicode.Scalar) -> Bool { kind(of: scalar) == .control }

  // MARK: The screen

  /// At most this many marks stay on one letter; more is noise or an attack on the terminal.
  static let mostMarks = 4

  /// One letter as it may stand in a cell; nil where nothing of it may be shown. Control characters become `�`, tabs and line
  /// breaks a space, invisible formatting characters are dropped.
  public static func cell(_ character: Character) -> String? {
    // The common case first: one ASCII letter.
    if let ascii = character.asciiValue, character.unicodeScalars.count == 1 {
      if ascii >= 0x20 && ascii < 0x7F { return String(character) }
      return ascii == 0x09 || ascii == 0x0A || ascii == 0x0D ? " " : "\u{FFFD}"
    }
    if character == "\r\n" { return " " }
    var kept = String.UnicodeScalarView()
    for scalar in character.unicodeScalars where kept.count <= mostMarks {
      switch scalar.properties.generalCategory {
      case .control, .surrogate, .unassigned: kept.append("\u{FFFD}")
      case .format: continue
      case .lineSeparator, .paragraphSeparator, .spaceSeparator: kept.append(" ")
      default: kept.append(scalar)
      }
    }
    guard let first = kept.first else { return nil }
    // A mark without a letter gets a dotted circle to stand on.
    if CellWidth.of(first) == 0 { kept.insert("\u{25CC}", at: kept.startIndex) }
    return String(kept)
  }

  /// The whole text as the grid would show it.
  public static func of(_ text: some StringProtocol) -> String { text.compactMap(cell).joined() }

  // MARK: Files

  /// A line of text from a foreign file: runs of white space become one space, what is no letter goes. At most 10,000 scalars.
  public static func line(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    var wasSpace = true
    for scalar in text.unicodeScalars.prefix(10_000) {
      if scalar.properties.isWhitespace {
        if !wasSpace { out.append(" ") }
        wasSpace = true
      } else if kind(of: scalar) == .plain {
        out.append(scalar)
        wasSpace = false
      }
    }
    if out.last == " " { out.removeLast() }
    return String(out)
  }
}

/// A text in one line of output: control characters become their pictures (`␛`, `␊`), whatever else is no letter becomes `�`.
public func displayText(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { CleanText.kind(of: $0) != .plain }) else { return text }
  var clean = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch (CleanText.kind(of: scalar), scalar.value) {
    case (.plain, _): clean.append(scalar)
    case (_, 0..<0x20): clean.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
    case (_, 0x7F): clean.append("\u{2421}")
    default: clean.append("\u{FFFD}")
    }
  }
  return String(clean)
}
