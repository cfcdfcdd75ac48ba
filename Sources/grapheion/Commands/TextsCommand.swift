import Glibc
import JSON
import Platform
import Text
import Texts

/// `grapheion texts`: the library of known texts.
let textsCommand = Command(
  name: "texts",
  summary: "The library of known texts, from which gaps are restored and in which parallels are found",
  operands: "add PATH... | list | fit PATH",
  count: 1...10_000,
  options: [
    Option("--name", "NAME", "what to call the source (default: the file's or folder's name)"),
    Option("--licence", "TEXT", "under which licence the texts may be used, kept beside them"),
    Option("--credit", "TEXT", "whom to name, kept beside them"),
    Arguments.libraryOption,
    Option("--items", "N", "with fit: gaps to learn from (default 2000)"),
    Option("--to", "FILE", "with fit: the file to write (default restorer.json in the library)"),
    Option("--json", nil, "with list: one JSON object for each source"),
  ],
  example: """
    grapheion texts add ddbdp.tsv.xz --licence 'CC BY 3.0' --credit 'Duke Databank of Documentary Papyri'
      grapheion texts add idp.data/DDB_EpiDoc_XML        every EpiDoc file below the folder
      grapheion texts fit kept-apart.tsv.xz              weigh anew what speaks for a restoration, on texts that are not in the library
    """
) { arguments in
  var library = try TextLibrary(at: arguments.libraryFolder())
  switch arguments.operands[0] {
  case "list":
    for source in library.sources {
      if arguments.has("--json") {
        let members: [JSONValue.Member?] = [
          .init("name", .string(source.name)), .init("texts", .int(source.texts)), .init("lines", .int(source.lines)),
          .init("origin", .string(source.origin)), source.licence.map { .init("licence", .string($0)) },
          source.credit.map { .init("credit", .string($0)) }, .init("added", .string(source.added)),
        ]
        Console.print(JSONValue.object(members.compactMap(\.self)).text)
      } else {
        let facts = [source.licence, source.credit].compactMap(\.self).joined(separator: "; ")
        Console.print(
          displayText(source.name) + "\t"
            + displayText("\(source.texts) texts, \(source.lines) lines, added \(source.added)")
            + (facts.isEmpty ? "" : "\t" + displayText(facts)))
      }
    }
    if library.sources.isEmpty { Console.note("texts: \(displayText(library.folder)) holds no texts yet") }
    return .done
  case "add":
    let paths = arguments.operands.dropFirst()
    guard !paths.isEmpty else { throw Failure(.usage, "texts add: name a file or a folder.") }
    guard paths.count == 1 || !arguments.has("--name") else {
      throw Failure(.usage, "texts add: --name is for one path at a time.")
    }
    var failed = 0
    var nothing = 0
    for path in paths {
      let name = arguments.value("--name") ?? sourceName(path)
      let isNew = !library.sources.contains { $0.name == name }
      let added = try library.add(
        path, name: name, licence: arguments.value("--licence"), credit: arguments.value("--credit"))
      for failure in added.failures.prefix(50) {
        Console.error("\(displayText(failure.path)): \(displayText(failure.reason))")
      }
      if added.failures.count > 50 { Console.error("and \(added.failures.count - 50) more files") }
      failed += added.failures.count
      if added.lines == 0, added.places == 0 { nothing += 1 }
      if added.lines > 0 {
        Console.print(
          displayText(
            "\(name): \(added.texts) texts, \(added.lines) lines \(isNew ? "added" : "in place of the old ones")"))
      }
      if added.places > 0 { Console.print("places and dates of \(added.places) texts") }
    }
    if nothing == paths.count { throw Failure(.unreadable, "texts add: no text was found.") }
    return failed + nothing > 0 ? .someFailed : .done
  case "fit": return try fitRestorer(arguments, library)
  case let other:
    let nearest = Spelling.nearest(to: other, among: ["add", "list", "fit"])
    throw Failure(
      .usage,
      "texts: there is no '\(displayText(other))'."
        + (nearest.map { " Did you mean '\($0)'?" } ?? " There are add, list and fit."))
  }
}

/// Fits the restorer's weights to gaps in texts that the library does not hold.
private func fitRestorer(_ arguments: Arguments, _ library: TextLibrary) throws -> ExitStatus {
  guard arguments.operands.count == 2 else { throw Failure(.usage, "texts fit: name the texts to fit on.") }
  let path = arguments.operands[1]
  let items = try KeptApart.items(of: path, count: arguments.int("--items", in: 100...100_000) ?? 2000) {
    !$0.isForMeasuring
  }
  let restorer = try library.restorer(weights: nil) { Console.note("texts: \($0)") }
  let progress = SharedProgress("fit", of: items.count)
  let weights = RestorationFit.weights(restorer, items, workers: Threads.cores) { progress.update($0) }
  progress.finish()
  let target = arguments.value("--to") ?? library.folder + "/restorer.json"
  try weights.write(to: target, texts: "\(items.count) gaps of \(sourceName(path))")
  Console.note("texts: wrote \(displayText(target))")
  return .done
}

/// Texts that are not in the library, to fit on and to measure on.
enum KeptApart {
  /// Gaps of the texts in a file of rows that `isWanted`.
  static func items(
    of path: String, count: Int, where isWanted: (RestorationItem) -> Bool
  ) throws -> [RestorationItem] {
    let folder = try TemporaryFolder("texts")
    defer { folder.remove() }
    var library = try TextLibrary(at: folder.path)
    _ = try library.add(path, name: "kept-apart")
    let indexes = try library.indexes()
    // About half of what is drawn is wanted.
    return Array(RestorationItem.items(of: indexes[0], count: 2 * count).filter(isWanted).prefix(count))
  }
}

/// A file's or folder's name without its ending and without what a source's name may not have.
private func sourceName(_ path: String) -> String {
  var name = Files.name(path.hasSuffix("/") ? String(path.dropLast()) : path)
  for ending in [".xz", ".tsv", ".xml", ".txt", ".leiden"] where name.hasSuffix(ending) {
    name = String(name.dropLast(ending.count))
  }
  let clean = name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
  return TextLibrary.isName(String(clean)) ? String(clean) : "texts"
}

extension Arguments {
  /// Where the library of known texts lies.
  func libraryFolder() throws(Failure) -> String {
    if let chosen = value("--library") ?? Environment.value("GRAPHEION_TEXTS"), !chosen.isEmpty { return chosen }
    if let data = Environment.value("XDG_DATA_HOME"), !data.isEmpty { return data + "/grapheion/texts" }
    guard let home = Environment.value("HOME"), !home.isEmpty else {
      throw Failure(.usage, "\(command): where the library lies is not known; name it in --library or GRAPHEION_TEXTS.")
    }
    return home + "/.local/share/grapheion/texts"
  }

  static let libraryOption = Option(
    "--library", "DIR", "the library of known texts (default $GRAPHEION_TEXTS, else ~/.local/share/grapheion/texts)")
}
