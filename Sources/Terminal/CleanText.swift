/// Makes text from files, journals and messages fit for a terminal.
///
/// A title may hold escape sequences, line breaks, or marks that turn the writing direction. None
/// of them reaches the screen: control characters become `�`, tabs and line breaks a space, and
/// invisible formatting characters are dropped. `Grid.put` applies this to everything it is given.
public enum CleanText {
  /// At most this many marks stay on one letter; more is noise or an attack on the terminal.
  static let mostMarks = 4

  /// One letter as it may stand in a cell; nil where nothing of it may be shown.
  static func cell(_ character: Character) -> String? {
    // The common case first: one ASCII letter.
    if let ascii = character.asciiValue, character.unicodeScalars.count == 1 {
      if ascii >= 0x20 && ascii < 0x7F { return String(character) }
      return ascii == 0x09 || ascii == 0x0A || ascii == 0x0D ? " " : "\u{FFFD}"
    }
    if character == "\r\n" { return " " }
    var kept = String.UnicodeScalarView()
    for scalar in character.unicodeScalars where kept.count <= mostMarks {
      switch scalar.properties.generalCategory {
      case .control, .surrogate, .unassigned: kept.append(kept.isEmpty ? "\u{FFFD}" : "\u{FFFD}")
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

  /// The whole text cleaned, for messages that are printed outside the grid. Linear.
  public static func of(_ text: some StringProtocol) -> String { text.compactMap(cell).joined() }
}
