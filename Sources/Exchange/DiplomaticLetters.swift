import Leiden
import Text

/// The letters of a line, as the reader model is taught them.
public enum DiplomaticLetters {
  /// The diplomatic letters of a text in Leiden+: capitals without spaces and accents, `.` for an illegible letter; what is lost or
  /// restored is left out. nil where the text does not parse. Linear.
  public static func of(_ leiden: String) -> String? {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    return errors.isEmpty ? text.letterStream.filter { !$0.isNewline } : nil
  }

  /// Letters of another alphabet, or signs for several letters, that stand among Greek ones and are missing in `of`; empty where there are none, or no
  /// Greek letter either.
  public static func missing(of leiden: String) -> String {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    guard errors.isEmpty, text.letterStream.contains(where: { $0 != "." && !$0.isNewline }) else { return "" }
    return text.strangeLetters
  }

  /// The same where no letter is Greek, too: what a reader of Greek letters cannot be measured by.
  public static func strange(in leiden: String) -> String {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    return errors.isEmpty ? text.strangeLetters : ""
  }

  /// How many letters each word of the diplomatic layer has, words without one left out; empty where the text does not parse.
  public static func words(of leiden: String) -> [Int] {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    guard errors.isEmpty else { return [] }
    return text.diplomatic.split(whereSeparator: \.isWhitespace).map { Greek.letterStream(String($0)).count }
      .filter { $0 > 0 }
  }

  /// What an export calls the text of a line: its letters, or, where none of them is Greek (a Latin document), the diplomatic layer as it
  /// is typed. nil where the text does not parse.
  public static func transcription(of leiden: String) -> String? {
    guard let letters = of(leiden) else { return nil }
    if letters.contains(where: { $0 != "." }) { return letters }
    return CleanText.line(LeidenText.parse(leiden: leiden).text.diplomatic)
  }
}
