import Corpus
import JSON
import Leiden

/// `grapheion search`.
let searchCommand = Command(
  name: "search",
  summary: "Find letters in all transcriptions, whatever accents, spaces, brackets and dots stand between them",
  operands: "CORPUS PATTERN",
  count: 2...2,
  options: [
    Option("--json", nil, "one JSON object for each line found")
  ],
  example:
    "grapheion search ~/papyri 'σεβαστ?υ'    (? is any one letter; what a scholar wrote goes before what a model offers)"
) { arguments in
  let store = try CorpusStore.open(at: arguments.operands[0])
  let pattern = try LetterPattern(arguments.operands[1])
  var found = 0
  for id in store.fragmentIDs {
    for line in try store.lines(of: id) {
      guard let text = line.text ?? line.candidates.first?.leiden else { continue }
      guard pattern.occurs(in: Array(Greek.letterStream(text))) else { continue }
      found += 1
      if arguments.has("--json") {
        Console.print(
          JSONValue.object([
            "fragment": .string(id), "line": .string(line.region.id), "text": .string(text),
            "status": .string(line.status.rawValue),
          ]).text)
      } else {
        Console.print("\(id)\t\(line.region.id)\t\(displayText(text))\(line.text == nil ? "\t(not decided)" : "")")
      }
    }
  }
  return found > 0 ? .done : .someFailed
}

/// Greek letters with `?` for any one letter.
struct LetterPattern {
  private let letters: [Character?]

  init(_ text: String) throws(Failure) {
    letters = text.split(separator: "?", omittingEmptySubsequences: false).map { Greek.letterStream(String($0)) }
      .enumerated().flatMap { index, part in (index > 0 ? [nil] : []) + part.map { Optional($0) } }
    if letters.allSatisfy({ $0 == nil }) {
      throw Failure(.usage, "search: '\(displayText(text))' has no Greek letter to look for.")
    }
  }

  func occurs(in text: [Character]) -> Bool {
    guard text.count >= letters.count else { return false }
    return (0...text.count - letters.count).contains { start in
      letters.indices.allSatisfy { letters[$0] == nil || letters[$0] == text[start + $0] }
    }
  }
}
