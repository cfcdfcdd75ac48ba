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
    Option("--only", "FILTER", "only fragments that FILTER matches, as in the workbench's filter line"),
    Option("--json", nil, "one JSON object for each line found"),
  ],
  example:
    "grapheion search ~/papyri 'σεβαστ?υ'    (? is any one letter, * any number of them; what a scholar wrote goes before what a model offers)"
) { arguments in
  let store = try CorpusStore.open(at: arguments.operands[0])
  guard let pattern = LetterPattern(arguments.operands[1]) else {
    throw Failure(.usage, "search: '\(displayText(arguments.operands[1]))' has no Greek letter to look for.")
  }
  let filter = try arguments.filter()
  try store.updateIndex()
  var hits = store.search(pattern)
  if let filter { hits.removeAll { !filter.matches(store.filterSubject(of: $0.fragment)) } }
  for hit in hits {
    if arguments.has("--json") {
      Console.print(
        JSONValue.object([
          "fragment": .string(hit.fragment), "line": .string(hit.line.id), "text": .string(hit.line.text),
          "decided": .bool(hit.line.isDecided),
        ]).text)
    } else {
      Console.print(
        "\(hit.fragment)\t\(hit.line.id)\t\(displayText(hit.line.text))\(hit.line.isDecided ? "" : "\t(not decided)")")
    }
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
