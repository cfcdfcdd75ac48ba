import Inference

/// Puts what the network read into Leiden+.
///
/// Small letters without accents, words not divided (the scribe did not); sigma is always `σ`, for where words end is the
/// editor's judgement. A letter less probable than the threshold gets an underdot. A hole between letters becomes a gap
/// of as many letters as it has room for at the pitch of the hand, `[.3]`.
public enum CandidateText {
  /// A stretch of the line where the papyrus is gone.
  public struct Hole: Hashable, Sendable {
    /// The letter it stands before; the count of letters for one at the end.
    public var before: Int
    public var letters: Int
  }

  public static func leiden(
    _ letters: [(letter: Character, probability: Double)], threshold: Double, holes: [Hole] = []
  ) -> String {
    var text = ""
    for index in 0...letters.count {
      for hole in holes where hole.before == index { text += "[.\(max(1, hole.letters))]" }
      guard index < letters.count else { break }
      text += letters[index].letter.lowercased().replacing("ς", with: "σ")
      if letters[index].probability < threshold { text += "\u{323}" }
    }
    return text
  }
}
