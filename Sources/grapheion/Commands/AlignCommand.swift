import Corpus
import Exchange
import Inference
import JSON
import Leiden
import Pipeline
import Platform
import Raster
import Text

/// `grapheion align`: published editions laid on photographs.
let alignCommand = Command(
  name: "align",
  summary: "Lay published editions on the lines of photographs: texts for scholars to check, and to train on",
  operands: "CORPUS",
  count: 1...1,
  options: [
    Option(
      "--editions", "PATH",
      "a file or folder: EpiDoc (.xml), Leiden+ (.leiden, .txt), rows of the Databank (.tsv, .tsv.xz); repeatable"),
    Option("--table", "FILE", "rows 'fragment TAB edition': which edition is of which fragment, where no number tells"),
    Option("--running", nil, "the editions' lines are not those of the papyrus: find where each of its lines begins"),
    Option(
      "--licence", "TEXT", "under which licence the editions may be used, kept with the lines (default: as they say)"
    ),
    Option("--only", "FILTER", "only fragments that FILTER matches"),
    Option(
      "--shard", "K/N", "only every fragment that falls to part K of N (K from 0); a Slurm array does this by itself"),
    Option("--again", nil, "also fragments that the same model has aligned with the same editions before"),
    Option("--model", "MODEL", "a model that ships, by name, or a file (default \(Installation.defaultModel))"),
    Option("--json", nil, "one JSON object for each fragment"),
  ],
  example: "grapheion align ~/papyri --editions idp.data/DDB_EpiDoc_XML --licence 'CC BY 3.0'"
) { arguments in
  let paths = arguments.all("--editions")
  guard !paths.isEmpty else { throw Failure(.usage, "align: name the editions: --editions PATH.") }
  for path in paths where !Files.exists(path) {
    throw Failure(.unreadable, "align: --editions \(displayText(path)) is not there.")
  }
  let store = try CorpusStore.open(at: arguments.operands[0])
  if store.isReadOnly {
    throw Failure(.unreadable, "align: the corpus is read-only here; no alignment can be kept.")
  }
  let shard = try Shard.chosen(arguments, for: "align")
  let table = try arguments.value("--table").map(EditionTable.read) ?? [:]
  for id in table.keys.sorted() where !store.fragmentIDs.contains(id) {
    Console.note("align: --table names '\(displayText(id))', which is no fragment of this corpus.")
  }
  let catalogue = EditionCatalogue(paths, table: table)
  for failure in catalogue.failures.prefix(50) {
    Console.error("\(displayText(failure.path)): \(displayText(failure.reason))")
  }
  if catalogue.failures.count > 50 { Console.error("and \(catalogue.failures.count - 50) more files") }
  guard catalogue.count > 0 else { throw Failure(.unreadable, "align: no edition was found.") }
  let model = try Installation.model(arguments.value("--model") ?? Installation.defaultModel)
  let run = Alignment(
    store: store, catalogue: catalogue,
    reader: ModelFragmentReader(try ReaderModel.load(path: model), lines: try Installation.lineFinder()),
    isRunning: arguments.has("--running"), licence: arguments.value("--licence"), isAgain: arguments.has("--again"),
    isJSON: arguments.has("--json"))
  Interruption.watch()
  var ids = try arguments.filter().map { try store.fragmentIDs(matching: $0) } ?? store.fragmentIDs
  if let shard { ids = ids.filter(shard.holds) }
  let sum = run.align(ids)
  for line in sum.wording { Console.note("align: " + line) }
  if Interruption.happened {
    Console.note("align: interrupted; what was done is kept, the same command goes on from there.")
    return .interrupted
  }
  return sum.failed + catalogue.failures.count > 0 ? .someFailed : .done
}

/// Which edition is of which fragment.
private enum EditionTable {
  /// Rows `fragment TAB edition`; a fragment may have several rows.
  static func read(_ path: String) throws -> [String: [String]] {
    var table: [String: [String]] = [:]
    let bytes = try Files.read(path, limit: 256 << 20)
    let text: String
    do throws(TextEncoding.Fault) { text = String(decoding: try TextEncoding.utf8(bytes), as: UTF8.self) } catch {
      throw Failure(.unreadable, "\(displayText(path)): \(error)")
    }
    for (number, row) in text.split(whereSeparator: \.isNewline).enumerated() {
      let cells = row.split(separator: "\t", omittingEmptySubsequences: false)
      guard cells.count == 2, !cells[0].isEmpty, !cells[1].isEmpty else {
        throw Failure(.unreadable, "\(displayText(path)), row \(number + 1): not a fragment, a tab and an edition.")
      }
      table[String(cells[0]), default: []].append(String(cells[1]))
    }
    return table
  }
}

/// One run over the fragments of a corpus.
private struct Alignment {
  let store: CorpusStore
  let catalogue: EditionCatalogue
  let reader: ModelFragmentReader
  let isRunning: Bool
  let licence: String?
  let isAgain: Bool
  let isJSON: Bool

  struct Sum {
    var fragments = 0
    var unchanged = 0
    var without = 0
    var failed = 0
    var found = 0
    var accepted = 0
    var waiting = 0

    var wording: [String] {
      var lines = [
        "\(accepted) of \(found) lines of \(fragments) fragments have a text of their edition that is sure enough to train on; \(waiting) wait for a scholar"
      ]
      if unchanged > 0 { lines.append("\(unchanged) fragments were aligned before") }
      if without > 0 { lines.append("\(without) fragments have no edition here") }
      if failed > 0 { lines.append("\(failed) fragments could not be aligned") }
      return lines
    }
  }

  func align(_ ids: [String]) -> Sum {
    var sum = Sum()
    let bar = Progress("align", of: ids.count)
    for (index, id) in ids.enumerated() where !Interruption.happened {
      do {
        let editions = try catalogue.editions(of: try store.fragment(id))
        if editions.isEmpty { sum.without += 1 } else { try align(id, with: editions, &sum) }
      } catch {
        sum.failed += 1
        Console.error("\(displayText(id)): " + Failure(wording: error).message)
      }
      bar.update(index + 1)
    }
    bar.finish()
    return sum
  }

  private func align(_ id: String, with editions: [Edition], _ sum: inout Sum) throws {
    let texts = editions.flatMap(\.lines).map { $0.label + "\t" + $0.leiden }.joined(separator: "\n")
    let mark = String(Checksum.crc32c(Array((texts + (isRunning ? "running" : "")).utf8)), radix: 16)
    let fragment = try store.fragment(id)
    // What decides the lines is recorded first, so that decisions and offers speak of the same ones.
    if try store.regionsToRead(of: id).isEmpty,
      try !store.isCurrent(id, model: reader.model, settings: reader.settingsText)
    {
      let photographs = try fragment.photographs.indices.map { try store.photographPath(fragment, $0) }
      try store.record(try reader.read(fragment: id, photographs: photographs, twins: fragment.twins, regions: []))
    }
    let inputs = "\(try store.inputs(of: id)) \(mark)"
    if !isAgain, let known = try? store.alignment(of: id), known.inputs == inputs, known.model == reader.model {
      sum.unchanged += 1
      return
    }
    let regions = try store.lines(of: id).map(\.region).filter { $0.baseline.count >= 2 }
    let aligner = try reader.aligner(for: regions) { try PNG.read(path: try store.photographPath(fragment, $0)) }
    let lines =
      isRunning
      ? try cut(editions, by: aligner)
      : editions.flatMap { edition in
        edition.lines.map { (edition.name, $0) }
      }
    let alphabet = reader.reader.model.alphabet
    let pairs = aligner.pairs(with: lines.map { ExpectedInk(runs: $0.1.ink.runs, alphabet: alphabet) })
    let met = Set(pairs.map(\.line))
    let alignment = FragmentAlignment(
      fragment: id, model: reader.model, inputs: inputs, editions: editions.map(\.name),
      licence: licence ?? Self.rights(of: editions),
      lines: pairs.map { pair in
        let (edition, line) = lines[pair.line]
        return FragmentAlignment.Line(
          region: regions[pair.found],
          offer: EditionOffer(
            edition: edition, label: line.label, text: line.leiden, probability: pair.probability))
      },
      unmet: lines.indices.filter { !met.contains($0) }.map { lines[$0].1.label })
    try store.record(alignment)
    let accepted = alignment.lines.count { $0.offer.teaches }
    sum.fragments += 1
    sum.found += regions.count
    sum.accepted += accepted
    sum.waiting += alignment.lines.count - accepted
    tell(alignment, of: regions.count, accepted)
  }

  /// What the editions say of themselves; nil where none of them says anything.
  private static func rights(of editions: [Edition]) -> String? {
    var all: [String] = []
    for rights in editions.compactMap(\.rights) where !rights.isEmpty && !all.contains(rights) { all.append(rights) }
    return all.isEmpty ? nil : all.joined(separator: "; ")
  }

  /// A running text in the lines that were found; those that hold nothing of it are empty.
  private func cut(_ editions: [Edition], by aligner: EditionAligner) throws -> [(String, Edition.Line)] {
    let text = RunningText(editions)
    let alphabet = reader.reader.model.alphabet
    // Signs that the reader does not know stand for no letter here.
    let known = text.letters.indices.filter { alphabet.contains(text.letters[$0]) }
    let letters = known.map { alphabet.firstIndex(of: text.letters[$0])! }
    guard let ranges = aligner.cut(letters, beginsWord: known.map(text.beginsWord)) else {
      throw Failure(.unreadable, "the text of \(text.letters.count) letters is too long for one fragment; divide it.")
    }
    return ranges.enumerated().map { number, range in
      let letters = range.isEmpty ? 0..<0 : known[range.lowerBound]..<known[range.upperBound - 1] + 1
      return (
        editions[0].name,
        Edition.Line(
          label: "\(number + 1)", leiden: text.part(letters),
          ink: PhysicalLine.Ink(runs: [String(text.letters[letters])], missing: []))
      )
    }
  }

  private func tell(_ alignment: FragmentAlignment, of found: Int, _ accepted: Int) {
    let editions = alignment.editions.joined(separator: ", ")
    guard isJSON else {
      Console.print(
        displayText(alignment.fragment) + "\t"
          + displayText(
            "\(editions): \(found) lines found, \(accepted) with their text, \(alignment.lines.count - accepted) to be checked, \(alignment.unmet.count) of the edition not met"
          ))
      return
    }
    Console.print(
      JSONValue.object([
        "fragment": .string(alignment.fragment), "editions": .array(alignment.editions.map { .string($0) }),
        "found": .int(found), "accepted": .int(accepted),
        "lines": .array(
          alignment.lines.map { line in
            .object([
              "line": .string(line.region.id), "label": .string(line.offer.label), "text": .string(line.offer.text),
              "probability": .double((line.offer.probability * 1e4).rounded() / 1e4),
            ])
          }), "unmet": .array(alignment.unmet.map { .string($0) }),
      ]).text)
  }
}
