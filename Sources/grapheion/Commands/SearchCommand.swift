import Corpus
import JSON
import Platform
import Text

/// `grapheion search`.
let searchCommand = Command(
  name: "search",
  summary:
    "Find letters in all transcriptions, whatever accents, spaces, brackets, gaps and line ends stand between them",
  operands: "CORPUS PATTERN",
  count: 2...2,
  options: [
    Option("--only", "FILTER", "only fragments that FILTER matches, as in the workbench's filter line"),
    Option("--beta", nil, "PATTERN is in Beta Code: sebast?u"),
    Option("--json", nil, "one JSON object for each line found"),
  ],
  example: """
    grapheion search ~/papyri 'σεβαστ?υ'     ? is any one letter, * any number of them
      grapheion search ~/papyri '/βασιλε(υς|ως)$/'     between slashes a regular expression; ^ and $ are a line's ends
    """
) { arguments in
  let store = try CorpusStore.open(at: arguments.operands[0])
  let pattern: LetterPattern
  // Signs of the pattern stand for themselves; only letters are turned.
  let typed = arguments.operands[1]
  let letters =
    arguments.has("--beta")
    ? String(typed.unicodeScalars.map { BetaCode.letter($0).map { Character($0) } ?? Character($0) }) : typed
  do throws(PatternError) { pattern = try LetterPattern(letters) } catch {
    let isLatin = !arguments.has("--beta") && typed.unicodeScalars.contains { BetaCode.letter($0) != nil }
    throw Failure(
      .usage,
      "search: '\(displayText(arguments.operands[1]))': \(error)" + (isLatin ? "; --beta takes it as Beta Code" : ""))
  }
  let filter = try arguments.filter()
  store.updateIndexVisibly()
  var hits = try store.search(pattern)
  if let filter {
    let wanted = Set(try store.fragmentIDs(matching: filter))
    hits.removeAll { !wanted.contains($0.fragment) }
  }
  let isColoured = Console.outputIsTerminal && Environment.value("NO_COLOR").map(\.isEmpty) ?? true
  for hit in hits {
    let (before, found, after) = hit.context
    if arguments.has("--json") {
      Console.print(
        JSONValue.object([
          "fragment": .string(hit.fragment), "line": .string(hit.line.id), "number": .string(hit.line.number),
          "text": .string(hit.line.text),
          "found": .string(found), "next": hit.next.map { .string($0.id) }, "decided": .bool(hit.line.isDecided),
        ]).text)
      continue
    }
    let (start, end) = isColoured ? ("\u{1B}[1m", "\u{1B}[0m") : ("", "")
    Console.printStyled(
      "\(displayText(hit.fragment))\t\(displayText(hit.line.number))\t\(displayText(before))\(start)\(displayText(found))\(end)\(displayText(after))"
        + (hit.line.isDecided ? "" : "\t(not decided)"))
  }
  return hits.isEmpty ? .someFailed : .done
}

extension Arguments {
  /// The filter that `--only` gives, nil where it is not given.
  func filter() throws(Failure) -> Filter? {
    guard let text = value("--only") else { return nil }
    do throws(FilterError) { return try Filter.parse(text) } catch {
      throw Failure(.usage, "\(command): --only: \(error)")
    }
  }
}
