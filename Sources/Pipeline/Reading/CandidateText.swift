import Corpus
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

extension LineReader.Outcome {
  /// What is offered for the line; hypotheses without a letter are none.
  ///
  /// - Parameters:
  ///   - place: takes x on the strip to where it lies along the line on the photograph.
  ///   - holes: the gaps of a hypothesis, from its letters' spans on the strip.
  func candidates(
    threshold: Double, place: (Double) -> Double,
    holes: ([(left: Double, right: Double)]) -> [CandidateText.Hole] = { _ in [] }
  ) -> [Candidate] {
    hypotheses.enumerated().filter { !$0.element.letters.isEmpty }.map { rank, hypothesis in
      let spans = spans(of: hypothesis)
      return Candidate(
        text: hypothesis.text,
        leiden: CandidateText.leiden(
          hypothesis.letters.map { ($0.letter, $0.probability) }, threshold: threshold,
          holes: holes(spans)),
        probability: hypothesis.probability,
        letters: zip(hypothesis.letters, spans).map { letter, span in
          let (start, end) = (place(span.left), place(span.right))
          return CandidateLetter(
            text: String(letter.letter), probability: letter.probability, left: min(start, end), right: max(start, end),
            alternatives: letter.alternatives.filter { $0.probability >= 0.01 }.prefix(3).map {
              LetterAlternative(text: $0.letter.map(String.init) ?? "", probability: $0.probability)
            })
        }, inkAlone: rank == 0 ? inkAlone : nil)
    }
  }
}
