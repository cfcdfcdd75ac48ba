import Leiden
import Text

/// How the text of a line is put for others.
public struct ExportText: Hashable, Sendable {
  public enum Layer: String, CaseIterable, Sendable {
    /// The letters that stand on the papyrus: capitals, no spaces, `.` for an illegible one.
    case letters
    /// What stands on the papyrus, in words as the scholar wrote them.
    case diplomatic
    /// As printed, with brackets and dots.
    case edited
    /// Restored, resolved, corrected.
    case regularised
    /// As the scholar typed it.
    case leiden
  }

  public var layer: Layer
  /// Canonically decomposed (NFD) instead of composed (NFC).
  public var isDecomposed: Bool

  public init(_ layer: Layer, isDecomposed: Bool = false) {
    self.layer = layer
    self.isDecomposed = isDecomposed
  }

  /// One line of text from Leiden+; nil where it does not parse. Linear.
  func text(of leiden: String) -> String? {
    let text: String
    switch layer {
    case .leiden: text = leiden
    case .letters:
      guard let letters = DiplomaticLetters.transcription(of: leiden) else { return nil }
      text = letters
    case .diplomatic, .edited, .regularised:
      let (parsed, errors) = LeidenText.parse(leiden: leiden)
      guard errors.isEmpty else { return nil }
      text = CleanText.line(parsed.layer(Leiden.Layer(rawValue: layer.rawValue)!).text)
    }
    return isDecomposed ? Greek.nfd(text) : Greek.nfc(text)
  }

  /// What to ask of a machine that is shown a line.
  var prompt: String {
    switch layer {
    case .letters: "Read this line of a Greek papyrus: the letters as they stand, in capitals, without spaces."
    case .diplomatic: "Read this line of a Greek papyrus as it stands."
    case .edited: "Edit this line of a Greek papyrus with Leiden brackets and underdots."
    case .regularised: "Read this line of a Greek papyrus, restored and regularised."
    case .leiden: "Transcribe this line of a Greek papyrus in Leiden+."
    }
  }
}
