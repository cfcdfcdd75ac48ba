import Corpus
import Exchange
import Text

/// `grapheion export`: what scholars decided, as files for other programs.
let exportCommand = Command(
  name: "export",
  summary: "Take corrected lines out of a corpus as training data",
  operands: "CORPUS",
  count: 1...1,
  options: [
    Option(
      "--format", "F", "lines (PNG and .gt.txt pairs), page (PAGE XML beside the photographs) or jsonl (corrections)"),
    Option("--to", "DIR", "the folder for the files; made where it is missing"),
    Option("--split", "90/5/5", "divide into train, dev and test (two numbers: train and test), whole fragments"),
    Option("--only", "FILTER", "only fragments that FILTER matches, as in the workbench's filter line"),
  ],
  example: "grapheion export ~/papyri --format lines --to lines/ --split 90/5/5"
) { arguments in
  let formats = CorpusExport.Format.allCases.map(\.rawValue)
  let name = try arguments.require("--format")
  guard let format = CorpusExport.Format(rawValue: name) else {
    let nearest = Spelling.nearest(to: name, among: formats).map { " Did you mean '\($0)'?" } ?? ""
    throw Failure(
      .usage,
      "export: '\(displayText(name))' is no format; there are \(formats.joined(separator: ", ")).\(nearest)")
  }
  let target = try arguments.require("--to")
  var split: Split?
  if let text = arguments.value("--split") {
    guard let shares = Split(text) else {
      throw Failure(
        .usage, "export: --split is two or three whole numbers, as 90/5/5 or 80/20, not '\(displayText(text))'.")
    }
    split = shares
  }
  let filter = try arguments.filter()
  let store = try CorpusStore.open(at: arguments.operands[0])
  for warning in store.warnings { Console.note("export: \(warning)") }
  Interruption.watch()
  let bar = Progress("export", of: store.fragmentIDs.count)
  var failures: [String] = []
  let export = CorpusExport(
    format: format, split: split, includes: { fragment in filter.map { store.matches($0, fragment.id) } ?? true },
    refused: { id, reason in failures.append("export: \(displayText(id)): \(reason)") },
    progress: { done, _ in
      bar.update(done)
      return !Interruption.happened
    })
  let counts = try export.run(store, to: target)
  bar.finish()
  for failure in failures { Console.note(failure) }
  let parts = split.map { split in
    "  (" + split.parts.map { "\($0) \(counts.parts[$0] ?? 0)" }.joined(separator: ", ") + ")"
  }
  let unit = format == .jsonl ? "corrections" : "lines"
  Console.print("\(displayText(target)): \(counts.lines) \(unit) of \(counts.fragments) fragments\(parts ?? "")")
  if counts.lines == 0, counts.failed == 0 {
    Console.note("export: no line here has a text that somebody took or edited; the workbench is the place for that.")
  }
  if Interruption.happened {
    Console.note("export: interrupted; the files that are there are whole.")
    return .interrupted
  }
  return counts.failed > 0 ? .someFailed : .done
}
