import Corpus
import Exchange
import JSON
import Platform
import Text

/// `grapheion describe`.
let describeCommand = Command(
  name: "describe",
  summary:
    "Fill in what catalogues (HGV, the Duke Databank, APIS, a table) know of the fragments: numbers, title, date, place",
  operands: "CORPUS RECORDS...",
  count: 2...Int.max,
  options: [
    Option("--only", "FILTER", "only fragments that FILTER matches, as in the workbench's filter line"),
    Option("--dry-run", nil, "say what would be filled in, and change nothing"),
    Option("--json", nil, "one JSON object for each fragment"),
  ],
  example: "grapheion describe ~/papyri ~/idp.data/HGV_meta_EpiDoc own-list.csv"
) { arguments in
  let store = try CorpusStore.open(at: arguments.operands[0])
  let ids = try arguments.filter().map { try store.fragmentIDs(matching: $0) } ?? store.fragmentIDs
  var damaged = 0
  let fragments = ids.compactMap { id -> Fragment? in
    do { return try store.fragment(id) } catch {
      damaged += 1
      Console.error(Failure(wording: error).message)
      return nil
    }
  }
  let catalogue = RecordCatalogue(Array(arguments.operands.dropFirst()), of: fragments)
  for failure in catalogue.failures {
    Console.note("describe: left out \(displayText(failure.path)): \(displayText(failure.reason))")
  }
  for (path, what) in catalogue.leftOut {
    for sentence in what.sentences { Console.note("describe: \(displayText(path)): \(displayText(sentence))") }
  }
  let unknown = Set(catalogue.unknownColumns).sorted()
  if !unknown.isEmpty {
    Console.note("describe: columns passed over: \(unknown.map { displayText($0) }.joined(separator: ", "))")
  }
  var (changed, same, without) = (0, 0, 0)
  for before in fragments {
    let records = catalogue.records(of: before)
    guard !records.isEmpty else {
      without += 1
      continue
    }
    var fragment = before
    var filled: [String] = []
    var differences: [(String, Fragment.Difference)] = []
    for record in records {
      let (members, others) = fragment.fill(from: record)
      filled += members
      differences += others.map { (record.source, $0) }
    }
    // What one record filled in and another calls otherwise is no fault of the corpus.
    differences.removeAll { filled.contains($0.1.member) }
    if fragment != before {
      changed += 1
      if !arguments.has("--dry-run") { try store.describe(before.id, by: "describe") { $0 = fragment } }
    } else {
      same += 1
    }
    if arguments.has("--json") {
      Console.event(
        .object([
          "fragment": .string(before.id), "filled": .array(filled.map { .string($0) }),
          "records": .array(records.map { .string(Files.name($0.source)) }),
          "differences": .array(
            differences.map {
              .object([
                "member": .string($0.1.member), "here": .string($0.1.here), "there": .string($0.1.there),
                "record": .string(Files.name($0.0)),
              ])
            }),
        ]))
    } else if !filled.isEmpty {
      Console.print("\(before.id)\t\(filled.joined(separator: " "))")
    }
    for (source, difference) in differences {
      Console.note(
        "describe: \(before.id): \(difference.member) is \(displayText(difference.here)) here, \(displayText(difference.there)) in \(displayText(Files.name(source))); left as it is"
      )
    }
  }
  Console.note("describe: \(changed) filled in, \(same) had it all, \(without) without a record")
  if catalogue.failures.isEmpty { return damaged == 0 ? .done : .someFailed }
  return catalogue.filesRead == 0 ? .unreadable : .someFailed
}
