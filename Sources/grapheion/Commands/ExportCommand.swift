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
      "--format", "F", "one of " + ExportFormat.all.map(\.name).joined(separator: ", "),
      choices: ExportFormat.all.map(\.name)),
    Option("--to", "DIR", "the folder for the files; made where it is missing"),
    Option("--split", "90/5/5", "divide into train, dev and test (two numbers: train and test), whole papyri"),
    Option("--only", "FILTER", "only fragments that FILTER matches, as in the workbench's filter line"),
    Option(
      "--layer", "LAYER",
      "the text of a line: letters (default for training), diplomatic, edited, regularised or leiden",
      choices: ["letters", "diplomatic", "edited", "regularised", "leiden"]),
    Option("--form", "NFC|NFD", "Unicode form of texts (default NFC)", choices: ["NFC", "NFD"]),
    Option(
      "--weights", "LEAST",
      "also lines nobody decided about, if their reading has at least this probability; it is their weight"),
  ],
  example: "grapheion export ~/papyri --format lines --to lines/ --split 90/5/5"
) { arguments in
  let formats = ExportFormat.all.map(\.name)
  let name = try arguments.require("--format")
  guard let format = ExportFormat.named(name) else {
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
  let text = try ExportWords.text(arguments, format)
  let leastWeight = try ExportWords.weight(arguments)
  let filter = try arguments.filter()
  let store = try CorpusStore.open(at: arguments.operands[0])
  for warning in store.warnings { Console.note("export: \(warning)") }
  Interruption.watch()
  let wanted = try filter.map { Set(try store.fragmentIDs(matching: $0)) }
  let bar = Progress("export", of: store.fragmentIDs.count)
  var failures: [String] = []
  let export = CorpusExport(
    format: format, text: text, leastWeight: leastWeight, split: split,
    includes: { wanted?.contains($0.id) ?? true },
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
  for sentence in counts.leftOut.sentences { Console.note("export: left out: \(displayText(sentence))") }
  if counts.removed > 0 {
    Console.note(
      "export: \(counts.removed) files of an earlier export into the same folder are removed: the corpus has them no more so."
    )
  }
  Console.print("\(displayText(target)): \(counts.lines) \(format.unit) of \(counts.fragments) fragments\(parts ?? "")")
  if counts.lines == 0, counts.failed == 0 {
    Console.note(
      format.unit == ExportFormat.preference.unit
        ? "export: no line here was taken or edited from candidates that differ."
        : "export: no line here has a text that somebody took or edited; the workbench is the place for that.")
  }
  if Interruption.happened {
    Console.note("export: interrupted; the files that are there are whole.")
    return .interrupted
  }
  return counts.failed > 0 ? .someFailed : .done
}

/// What the options of an export say about texts.
private enum ExportWords {
  static func text(_ arguments: Arguments, _ format: ExportFormat) throws(Failure) -> ExportText? {
    let (layer, form) = (arguments.value("--layer"), arguments.value("--form"))
    guard layer != nil || form != nil else { return nil }
    var text = format.text
    if let layer {
      guard format.hasLayers else {
        throw Failure(.usage, "export: \(format.name) has no --layer: its text is one kind only.")
      }
      guard let known = ExportText.Layer(rawValue: layer) else {
        let names = ExportText.Layer.allCases.map(\.rawValue)
        let nearest = Spelling.nearest(to: layer, among: names).map { " Did you mean '\($0)'?" } ?? ""
        throw Failure(
          .usage,
          "export: there is no layer '\(displayText(layer))'; there are \(names.joined(separator: ", ")).\(nearest)")
      }
      text.layer = known
    }
    if let form {
      guard ["NFC", "NFD"].contains(form.uppercased()) else {
        throw Failure(.usage, "export: --form is NFC or NFD, not '\(displayText(form))'.")
      }
      text.isDecomposed = form.uppercased() == "NFD"
    }
    return text
  }

  static func weight(_ arguments: Arguments) throws(Failure) -> Double? {
    guard let word = arguments.value("--weights") else { return nil }
    guard let number = Double(word), (0...1).contains(number) else {
      throw Failure(.usage, "export: --weights is a probability from 0 to 1, not '\(displayText(word))'.")
    }
    return number
  }
}
