import Corpus
import Pipeline
import Terminal
import Text

extension WorkbenchCommand {
  /// Asking the model about one line again, by what the scholar knows of it.
  static let askingCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "ask", ["/"], in: [.fragment], "Reading",
      "have the model read this line again by what you know: και..ν* (. one letter, * any number)"
    ) { space, _ in
      space.ask()
    },
    WorkbenchCommand("ask-go", ["Enter"], in: [.asking], "Reading", "read the line so", hint: "read so") { space, _ in
      space.askSo()
    },
  ]
}

extension Workspace {
  /// Opens the prompt with what the marked candidate is sure of; a dot for each letter that is not.
  mutating func ask() -> [Effect] {
    guard let desk, let line = desk.line else {
      message = .note("There is no line to ask about yet.")
      return []
    }
    let letters = line.candidates.indices.contains(desk.candidate) ? line.candidates[desk.candidate].letters : []
    prompt = letters.map { $0.probability >= Self.given ? $0.text.lowercased() : "." }.joined()
    views.append(.asking)
    return []
  }

  /// From this probability on a letter is put into the prompt as it is.
  private static let given = 0.9

  mutating func askSo() -> [Effect] {
    guard let desk, let line = desk.line else { return [] }
    guard TypedPattern.isOne(prompt) else {
      message = .warning("Greek letters can be asked for, . for one letter, * for any number.")
      return []
    }
    promptLine.keep(in: view)
    views.removeLast()
    return [.ask(fragment: desk.fragment.id, region: line.region, pattern: prompt)]
  }

  /// The model has answered: what it offers now takes the place of its offers, until the fragment is read or loaded again. A decision records it.
  mutating func handleAnswer(_ pattern: String, _ region: LineRegion, _ result: Result<LineReading, any Error>) {
    desk?.reading = .idle
    switch result {
    case .failure(let error): message = .failure("The line could not be read again: \(Wording.error(error))")
    case .success(let reading):
      guard let place = desk?.lines.firstIndex(where: { $0.region.id == region.id }) else { return }
      guard !reading.candidates.isEmpty else {
        message = .note("Nothing that fits '\(pattern)' could stand in line \(desk?.name(place) ?? "").")
        return
      }
      desk?.lines[place].candidates = reading.candidates
      if desk?.current == place { desk?.candidate = 0 }
      message = .note("Line \(desk?.name(place) ?? "") read as '\(pattern)'.  r reads the fragment freely again.")
    }
  }
}
