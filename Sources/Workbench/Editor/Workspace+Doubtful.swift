import Corpus
import Text

// Stepping through the letters the model is not sure of, and putting in what else they may be.
extension Workspace {
  private var candidate: Candidate? {
    guard let desk, let line = desk.line, line.candidates.indices.contains(desk.candidate) else { return nil }
    return line.candidates[desk.candidate]
  }

  /// Opens the editor where there is none, and goes to the next doubtful letter, or the one before.
  mutating func goToDoubtful(forward: Bool) -> [Effect] {
    guard candidate?.letters.isEmpty == false else {
      message = .note("Nothing was read here: there is no doubt to step through.")
      return []
    }
    if desk?.editor == nil {
      let effects = edit(empty: false)
      guard desk?.editor != nil else { return effects }
      let end = desk?.editor?.letters.count ?? 0
      desk?.editor?.place(at: forward ? 0 : end)
    } else if forward {
      // The one at the cursor was seen.
      let here = desk?.editor?.cursor ?? 0
      return goToDoubtful(from: here + 1, forward: true)
    }
    return goToDoubtful(from: desk?.editor?.cursor ?? 0, forward: forward)
  }

  private mutating func goToDoubtful(from start: Int, forward: Bool) -> [Effect] {
    guard let candidate, let editor = desk?.editor else { return [] }
    let places = LetterAlignment(editor.letters, candidate.letters).places
    let doubtful = places.indices.filter { at in
      guard let letter = places[at] else { return false }
      // What was changed by hand is no longer the model's.
      return candidate.letters[letter].probability < sure
        && isAsRead(editor.letters[at], candidate.letters[letter])
    }
    guard let first = doubtful.first, let last = doubtful.last else {
      message = .note("No doubtful letter in this line.")
      return []
    }
    if let next = forward ? doubtful.first(where: { $0 >= start }) : doubtful.last(where: { $0 < start }) {
      desk?.editor?.place(at: next)
    } else {
      message = .note(forward ? "From the start again." : "From the end again.")
      desk?.editor?.place(at: forward ? first : last)
    }
    return []
  }

  private func isAsRead(_ typed: Character, _ letter: CandidateLetter) -> Bool {
    let base = GreekMarks.base(typed).map { String(Character($0)).uppercased() }
    return base == letter.text || (base == "Σ" && letter.text == "Σ")
  }

  /// What may stand at the cursor, likeliest first: what the rule shows.
  var lettersHere: (at: Int, all: [LetterAlternative])? {
    guard let candidate, let editor = desk?.editor else { return nil }
    let alignment = LetterAlignment(editor.letters, candidate.letters)
    guard alignment.places.indices.contains(editor.cursor), let place = alignment.places[editor.cursor] else {
      return nil
    }
    let letter = candidate.letters[place]
    return (
      editor.cursor, [LetterAlternative(text: letter.text, probability: letter.probability)] + letter.alternatives
    )
  }

  mutating func putLetter(_ number: Int) -> [Effect] {
    guard let here = lettersHere, here.all.indices.contains(number), let old = desk?.editor?.letters[here.at] else {
      message = .note("Nothing else is offered there.")
      return []
    }
    let offered = here.all[number].text.lowercased()
    changeText { editor in
      guard let base = offered.unicodeScalars.first else { return editor.replace(at: here.at, by: "") }
      // The first is the letter itself: it is sure now. Accents stay where the new letter can carry them.
      let marks = GreekMarks.decomposed(old).dropFirst().filter { $0 != GreekMarks.underdot }
      let kept = number == 0 ? Array(marks) : []
      let isCapital = String(old).lowercased() != String(old)
      let letter = GreekMarks.composed([base] + kept)
      let isFinal = old.unicodeScalars.first == "ς" && base == "σ"
      editor.replace(at: here.at, by: isFinal ? "ς" : isCapital ? String(letter).uppercased() : String(letter))
    }
    return goToDoubtful(from: desk?.editor?.cursor ?? 0, forward: true)
  }

  /// Opens the editor with the cursor at a letter of the marked candidate.
  mutating func edit(atLetter letter: Int) -> [Effect] {
    if desk?.editor == nil {
      let effects = edit(empty: false)
      guard desk?.editor != nil else { return effects }
    }
    guard let candidate, let editor = desk?.editor else { return [] }
    let place = LetterAlignment(editor.letters, candidate.letters).character(of: letter)
    desk?.editor?.place(at: place ?? editor.letters.count)
    return []
  }
}
