import Corpus
import Terminal
import Text

/// What the known texts were asked about the line in the editor, and what they said.
struct Consultation: Sendable {
  enum Answer: Sendable {
    case awaited(String)
    case failed(String)
    case offers([TextOffer])
  }

  let question: TextQuestion
  var answer = Answer.awaited("the known texts are asked …")
  /// Which offer is marked.
  var current = 0
  var top = 0

  var offers: [TextOffer] {
    if case .offers(let offers) = answer { return offers }
    return []
  }

  /// The heading; of a gap with who proposes, which may be a server's address.
  ///
  /// - Parameter proposer: empty before anybody was asked.
  func title(proposer: String) -> String {
    switch question {
    case .restoration(let lacuna):
      let size =
        lacuna.letters.map { " of " + ($0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)") }
        ?? ""
      return "What may have stood in the gap\(size)" + (proposer.isEmpty ? "" : ", by \(proposer)")
    case .words: return "The line as an edition has it, by the words of the known texts"
    case .parallels: return "What the known texts have in common with the line"
    }
  }

  mutating func move(by step: Int) { current = max(0, min(offers.count - 1, current + step)) }
}

extension WorkbenchCommand {
  private static func asking(
    _ name: String, _ key: String, _ help: String, hint: String? = nil,
    _ question: @escaping @Sendable (FragmentDesk) -> Result<TextQuestion, Consultation.Nothing>
  ) -> WorkbenchCommand {
    WorkbenchCommand(name, [key], in: [.fragment, .editor], "Known texts", help, hint: hint) { space, _ in
      space.consult(question)
    }
  }

  static let knownTextCommands: [WorkbenchCommand] = [
    asking(
      "restore-gap", "Alt-r", "what may have stood in the gap [.5] at the cursor, with its parallels", hint: "restore"
    ) {
      desk in
      guard let lacuna = Lacuna(desk) else {
        return .failure(.init("The line has no gap in brackets: [.5], [.2-4], [.?]."))
      }
      return .success(.restoration(lacuna))
    },
    asking("line-words", "Alt-w", "the line in words, with accents, as an edition has it") { desk in
      .success(
        .words(line: desk.editor?.text ?? "", after: desk.neighbour(by: -1), before: desk.neighbour(by: 1)))
    },
    asking("line-parallels", "Alt-l", "where the known texts have what this line has") { desk in
      .success(.parallels(line: desk.editor?.text ?? ""))
    },
    WorkbenchCommand("offer-down", ["j", "Down"], in: [.consulting], "Known texts", "down") { space, _ in
      space.desk?.consultation?.move(by: 1)
      return []
    },
    WorkbenchCommand("offer-up", ["k", "Up"], in: [.consulting], "Known texts", "up") { space, _ in
      space.desk?.consultation?.move(by: -1)
      return []
    },
    WorkbenchCommand(
      "take-offer", ["Enter"], in: [.consulting], "Known texts", "put it into the text; Enter there saves it",
      hint: "take"
    ) { space, _ in
      space.takeOffer(space.desk?.consultation?.current ?? 0)
    },
    WorkbenchCommand(
      "take-offer-number", (1...9).map(String.init), as: "1-9", in: [.consulting], "Known texts",
      "put in the one of that number"
    ) { space, key in
      guard case .character(let digit) = key.code, let number = Int(String(Character(digit))) else { return [] }
      return space.takeOffer(number - 1)
    },
    WorkbenchCommand(
      "consulting-close", ["q", "Esc"], in: [.consulting], "Everywhere", "back to the text", hint: "back"
    ) {
      space, _ in
      space.closeConsultation()
      return []
    },
  ]
}

extension Consultation {
  /// Why there is nothing to ask.
  struct Nothing: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }
}

extension FragmentDesk {
  /// What the line before the current one says, or the one after it, in the same column; empty where there is none, and where it is not to be seen.
  fileprivate func neighbour(by step: Int) -> String {
    guard let line, lines.indices.contains(current + step) else { return "" }
    let other = lines[current + step]
    let isBeside =
      other.region.photograph == line.region.photograph && other.region.column == line.region.column
      && other.region.part == line.region.part
    return isBeside && !blind.contains(other.region.id) ? other.standingText ?? "" : ""
  }
}

extension Workspace {
  /// Opens the editor where there is none, and asks.
  mutating func consult(_ question: (FragmentDesk) -> Result<TextQuestion, Consultation.Nothing>) -> [Effect] {
    let isOpen = desk?.editor != nil
    if !isOpen {
      _ = edit(empty: false)
      desk?.editor?.place(at: 0)
    }
    guard let desk, desk.editor != nil else { return [] }
    switch question(desk) {
    case .failure(let nothing):
      if !isOpen { _ = leaveEditor() }
      message = .note(nothing.reason)
      return []
    case .success(let question):
      self.desk?.consultation = Consultation(question: question)
      views.append(.consulting)
      return [.consult(question)]
    }
  }

  mutating func handle(_ answer: Result<[TextOffer], any Error>, to question: TextQuestion) {
    guard desk?.consultation?.question == question else { return }
    switch answer {
    case .failure(let error): desk?.consultation?.answer = .failed(Wording.error(error))
    case .success(let offers): desk?.consultation?.answer = .offers(offers)
    }
  }

  mutating func closeConsultation() {
    desk?.consultation = nil
    if view == .consulting { views.removeLast() }
  }

  /// Puts an offer into the text; only Enter there makes it a decision.
  mutating func takeOffer(_ number: Int) -> [Effect] {
    guard let desk, let consultation = desk.consultation, let editor = desk.editor,
      consultation.offers.indices.contains(number)
    else { return [] }
    let offer = consultation.offers[number]
    // It comes from files.
    let text = CleanText.line(offer.text)
    switch consultation.question {
    case .parallels:
      self.desk?.consultation?.current = number
      return []
    case .words:
      changeText { editor in
        editor.replace(0..<editor.letters.count, by: text)
      }
    case .restoration:
      guard let (place, _) = Lacuna.place(in: editor.letters, at: editor.cursor) else { return [] }
      changeText { editor in
        editor.replace(place, by: text)
      }
      self.desk?.restored[desk.line?.region.id ?? "", default: []].append(
        Restored(
          text: text, probability: offer.probability ?? 0, source: knownTextsName,
          parallels: offer.parallels.map { "\($0.text) \($0.line)" }))
    }
    closeConsultation()
    return []
  }

  /// What of a text was proposed and taken, as it still stands in it.
  func restored(in text: String?) -> [Restored] {
    guard let text, let desk, let line = desk.line else { return [] }
    return (desk.restored[line.region.id] ?? []).filter { text.contains($0.text) }
  }
}
