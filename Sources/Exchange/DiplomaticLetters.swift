import Leiden

/// The letters of a line, as the reader model is taught them.
public enum DiplomaticLetters {
  /// The diplomatic letters of a text in Leiden+: capitals without spaces and accents, `.` for an illegible letter; what is lost or
  /// restored is left out. nil where the text does not parse. Linear.
  public static func of(_ leiden: String) -> String? {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    return errors.isEmpty ? text.letterStream.filter { !$0.isNewline } : nil
  }

  /// Whether a text is Leiden+ that says something.
  public static func isLeiden(_ text: String) -> Bool { !text.isEmpty && of(text) != nil }
}
