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
    Option(
      "--proposed", nil, "with what 'transcribe --words' and '--restore' propose: lines in words, fillings of gaps"),
    Option("--json", nil, "one JSON object for each line"),
  ],
  example: """
    grapheion show ~/papyri 19328     by its id, or its TM, HGV, DDbDP or inventory number
    """
) { arguments in
  let store = try CorpusStore.open(at: arguments.operands[0])
  let fragment = try store.fragment(called: arguments.operands[1])
  let states = try store.lines(of: fragment.id)
  let proposals = arguments.has("--proposed") ? try store.proposals(of: fragment.id) : nil
  if arguments.has("--proposed"), proposals == nil {
    Console.note("show: nothing is proposed for it yet: grapheion transcribe --words --restore")
  }
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
    let text = state.standingText
    let proposed = text.flatMap { proposals?.line(state.region.id, reading: $0) }
    if arguments.has("--json") {
      Console.print(
        JSONValue.object([
          "fragment": .string(fragment.id), "line": .string(state.region.id), "number": .string(number.description),
          "text": text.map { .string($0) } ?? .null, "status": .string(state.status.rawValue),
          "probability": state.status.isDecided ? nil : state.candidates.first.map { .double($0.probability) },
          "words": proposed?.words.map { .string($0) }, "gaps": proposed?.gaps.map { .array($0.map(\.json)) },
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
    let words = proposed?.words.map { $0 + (proposed?.runsOn == true ? "-" : "") }
    Console.print("\(pad)\(displayText(number.line)) \(mark) \(displayText(words ?? text ?? "(not transcribed)"))")
    for gap in proposed?.gaps ?? [] {
      let ends = Set([gap.letters.lowerBound, gap.letters.upperBound]).sorted().map(String.init)
      let fillings = gap.fillings.map { "\($0.text) \(Int((100 * $0.probability).rounded()))%" }
      let speaking = gap.fillings.first?.parallels.first.map { "  (\($0))" } ?? ""
      Console.print(
        displayText(
          String(repeating: " ", count: width + 5) + "[.\(ends.joined(separator: "-"))] "
            + (fillings.isEmpty ? "nothing to propose" : fillings.joined(separator: ", ") + speaking)))
    }
  }
  if !arguments.has("--json"), states.contains(where: { !$0.status.isDecided }) {
    Console.note("? nobody has decided about the line yet: the text is the model's")
  }
  return .done
}

extension CorpusStore {
  /// The fragment of an id, else the one that has exactly this number.
  fileprivate func fragment(called name: String) throws -> Fragment {
    do throws(CorpusError) { return try fragment(name) } catch {
      guard error.code == .unknownFragment || error.code == .badName else { throw error }
    }
    updateIndexVisibly()
    let table = try table()
    if let row = table.first(of: Array(0..<table.count), named: name) {
      let found = table.entry(row).fragment
      let numbers = found.identifiers
      let wanted = name.lowercased()
      if [numbers.tm, numbers.hgv, numbers.ddbdp, numbers.inventory].contains(where: { $0?.lowercased() == wanted }) {
        return found
      }
    }
    let nearest = Spelling.nearest(to: name, among: (0..<table.count).map(table.id))
    throw Failure(
      .usage,
      "show: there is no fragment '\(displayText(name))'"
        + (nearest.map { "; did you mean '\(displayText($0))'?" }
          ?? ", by its id or its TM, HGV, DDbDP or inventory number; the workbench lists them"))
  }
}
