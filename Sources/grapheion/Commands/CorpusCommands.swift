import Corpus
import Exchange
import JSON
import Platform
import Raster
import Text
import Workbench

/// `grapheion new`.
let newCommand = Command(
  name: "new",
  summary: "Make an empty corpus",
  operands: "CORPUS",
  count: 1...1,
  options: [
    Option("--name", "NAME", "its name (default: the folder's)"),
    Option("--shared", nil, "all members of the folder's group may write, whatever their umask"),
  ],
  example: "grapheion new ~/papyri --name 'Tebtynis, find of 1934'"
) { arguments in
  let corpus = try CorpusStore.create(
    at: arguments.operands[0], name: arguments.value("--name"), shared: arguments.has("--shared"))
  Console.print(
    "\(arguments.operands[0]): corpus '\(displayText(corpus.name))' is ready; 'grapheion import' adds photographs.")
  return .done
}

/// `grapheion import`.
let importCommand = Command(
  name: "import",
  summary:
    "Add photographs to a corpus: PNG, or other types through an installed converter; with PAGE or ALTO, records (.json) and editions beside them",
  operands: "CORPUS PATH...",
  count: 1...Int.max,
  options: [
    Option(
      "--iiif", "MANIFEST",
      "also the pages of a IIIF manifest or collection (Presentation 2 or 3), a file or an address; fetched by the installed curl, one at a time; run again it goes on where it stood; repeatable"
    ),
    Option("--size", "N", "with --iiif: pixels of the longer side (default: the largest there is)"),
  ],
  example: "grapheion import ~/papyri scans/ P.Tebt.5.jpg"
) { arguments in
  let (paths, manifests) = (Array(arguments.operands.dropFirst()), arguments.all("--iiif"))
  guard !paths.isEmpty || !manifests.isEmpty else {
    throw Failure(.usage, "import: name photographs or folders of them, or a manifest with --iiif.")
  }
  let size = try arguments.int("--size", in: 16...100_000)
  let store = try CorpusStore.open(at: arguments.operands[0])
  let scholar = Workbench.Options.scholar(try Settings.load())
  let tally = ImportTally()
  try store.importPhotographs(paths, scholar: scholar, tell: tally.tell)
  if !manifests.isEmpty { Interruption.watch() }
  for manifest in manifests where !Interruption.happened {
    try store.importIIIF(manifest, size: size, scholar: scholar, tell: tally.tell, goesOn: { !Interruption.happened })
  }
  tally.sum()
  if Interruption.happened { return .interrupted }
  return tally.refused == 0 ? .done : .someFailed
}

/// Tells what becomes of each path of an import, and counts.
private final class ImportTally {
  private(set) var refused = 0
  private var (added, present) = (0, 0)
  private var missed = LeftOut()

  func tell(_ outcome: ImportOutcome) {
    switch outcome {
    case .added(let fragment, let path):
      added += 1
      Console.print("\(fragment)\t\(displayText(path))")
    case .present(let fragment, let path):
      present += 1
      Console.note("import: \(displayText(path)): is there already, as \(fragment)")
    case .refused(let path, let reason):
      refused += 1
      Console.note("import: refused \(displayText(path)): \(displayText(reason))")
    case .noted(let path, let what):
      Console.note("import: \(displayText(path)): \(displayText(what))")
    case .missed(let path, let what):
      missed.add(what)
      for sentence in what.sentences { Console.note("import: \(displayText(path)): \(displayText(sentence))") }
    case .leftOut(let path, let reason):
      missed.add("files left out", path)
      Console.note("import: left out \(displayText(path)): \(displayText(reason))")
    }
  }

  func sum() {
    let rest = missed.isEmpty ? "" : "; not taken: \(displayText(missed.summary))"
    Console.note("import: \(added) added, \(present) there already, \(refused) refused\(rest)")
  }
}

/// `grapheion status`.
let statusCommand = Command(
  name: "status",
  summary: "Count fragments, readings and corrections",
  operands: "CORPUS",
  count: 1...1,
  options: [Option("--json", nil, "one JSON object")],
  example: "grapheion status ~/papyri --json"
) { arguments in
  let store = try CorpusStore.open(at: arguments.operands[0])
  store.updateIndexVisibly()
  let status = try store.status()
  for warning in store.warnings { Console.note("status: \(warning)") }
  if arguments.has("--json") {
    Console.print(status.json.text)
    return .done
  }
  func share(_ part: Int, _ whole: Int) -> String { whole == 0 ? "" : "  (\(100 * part / whole)%)" }
  Console.print("\(displayText(store.name)): \(status.fragments) fragments, \(status.images) photographs")
  Console.print("  read by a model   \(status.read)\(share(status.read, status.fragments))")
  if status.failed > 0 { Console.print("  failed            \(status.failed)") }
  Console.print("  lines             \(status.lines)")
  Console.print("  taken as offered  \(status.confirmed)\(share(status.confirmed, status.lines))")
  Console.print("  corrected         \(status.corrected)\(share(status.corrected, status.lines))")
  for (name, count) in [
    ("unread", status.unread), ("read", status.undecided), ("in work", status.inWork), ("done", status.done),
  ] { Console.print("  fragments \(Help.pad(name, 8))\(count)") }
  return .done
}

/// `grapheion check`.
let checkCommand = Command(
  name: "check",
  summary: "Verify every checksum, reference, photograph and record of a corpus",
  operands: "CORPUS",
  count: 1...1,
  options: [
    Option(
      "--repair", nil,
      "cut torn tails from journals and readings (a copy is kept), move leftovers to set-aside/, make the index anew where it lies; while nobody else writes"
    ),
    Option(
      "--accept", nil,
      "what is damaged now and in no backup is known from now on, and no error any more (kept in accepted.json)"),
  ],
  example: "grapheion check ~/papyri"
) { arguments in
  let store = try CorpusStore.open(at: arguments.operands[0])
  let bar = SharedProgress("check", of: store.fragmentIDs.count)
  let findings = try store.check(
    repair: arguments.has("--repair"),
    accepting: arguments.has("--accept") ? Workbench.Options.scholar(try Settings.load()) : nil
  ) { done, _ in bar.update(done) }
  bar.finish()
  for finding in findings { Console.print(finding.description) }
  let open = findings.filter { !$0.isNotice && !$0.repaired }
  func count(_ kind: CheckFinding.Kind) -> Int { open.count { $0.kind == kind } }
  guard findings.contains(where: { !$0.isNotice }) else {
    Console.note("check: \(store.fragmentIDs.count) fragments, all sound")
    return .done
  }
  let forbidden = count(.forbidden) > 0 ? ", \(count(.forbidden)) not to be read by this user" : ""
  Console.note(
    "check: \(count(.damage)) damaged, \(count(.leftover)) torn or left over\(forbidden), \(findings.count { $0.repaired }) repaired"
  )
  if open.allSatisfy({ $0.kind == .forbidden }) { return open.isEmpty ? .done : .unreadable }
  return .damaged
}
