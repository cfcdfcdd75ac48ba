import Leiden

/// The letters a text in Leiden+ says are on the papyrus: what a reader is trained on and measured by.
enum DiplomaticLetters {
  /// Capitals without spaces; nil where the text is not Leiden+.
  static func of(_ leiden: String) -> String? {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    return errors.isEmpty ? text.letterStream : nil
  }
}
