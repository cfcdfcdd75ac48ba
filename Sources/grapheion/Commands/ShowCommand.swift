import Corpus
import JSON
import Text

/// `grapheion show`.
let showCommand = Command(
  name: "show",
  summary: "Print the transcription of a fragment, its lines numbered as editions count them",
  operands: "CORPUS FRAGMENT",
  count: 2...2,
  options: [
    Option("--decided", nil, "only lines somebody has decided about"),
    Option("--json", nil, "one JSON object for each line"),
  ],
  example: "grapheion show ~/papyri 19328"
) { arguments in
  let store = try CorpusStore.open(at: arguments.operands[0])
  let fragment = try store.fragment(arguments.operands[1])
  let states = try store.lines(of: fragment.id)
  let numbers = LineNumber.all(of: states.map(\.region), on: fragment.photographs)
  if !arguments.has("--json") {
    Console.print(displayText(fragment.title.isEmpty ? fragment.id : fragment.title))
    let names = [
      fragment.identifiers.inventory, fragment.identifiers.tm.map { "TM \($0)" },
      fragment.identifiers.hgv.map { "HGV \($0)" }, fragment.identifiers.ddbdp,
    ].compactMap { $0 }
    if !names.isEmpty { Console.print(displayText(names.joined(separator: ", "))) }
  }
  let width = numbers.map(\.line.count).max() ?? 1
  var heading = LineNumber(line: "")
  for (state, number) in zip(states, numbers) {
    if arguments.has("--decided"), !state.status.isDecided { continue }
    let text = state.text ?? (state.status == .rejected ? nil : state.candidates.first?.leiden)
    if arguments.has("--json") {
      Console.print(
        JSONValue.object([
          "fragment": .string(fragment.id), "line": .string(state.region.id), "number": .string(number.description),
          "text": text.map { .string($0) } ?? .null, "status": .string(state.status.rawValue),
          "probability": state.status.isDecided ? nil : state.candidates.first.map { .double($0.probability) },
        ]).text)
      continue
    }
    if number.side != heading.side || number.column != heading.column {
      let words = [
        number.side.map { ["r": "recto", "v": "verso"][$0] ?? "side \($0)" }, number.column.map { "col. \($0)" },
      ]
      Console.print("")
      Console.print(words.compactMap { $0 }.joined(separator: ", "))
      heading = number
    }
    let mark = state.status.isDecided ? " " : "?"
    let pad = String(repeating: " ", count: width - number.line.count)
    Console.print("\(pad)\(displayText(number.line)) \(mark) \(displayText(text ?? "(not transcribed)"))")
  }
  if !arguments.has("--json"), states.contains(where: { !$0.status.isDecided }) {
    Console.note("? nobody has decided about the line yet: the text is the model's")
  }
  return .done
}
