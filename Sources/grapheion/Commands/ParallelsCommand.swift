import JSON
import Text
import Texts

/// `grapheion parallels`.
let parallelsCommand = Command(
  name: "parallels",
  summary: "Find what the known texts have in common with letters, through gaps and in any spelling",
  operands: "PATTERN|TEXT",
  count: 1...1,
  options: [
    Option("--limit", "N", "places shown at most (default 20)"),
    Arguments.libraryOption,
    Option("--json", nil, "one JSON object for each place"),
  ],
  example: """
    grapheion parallels 'ετους τεταρτου αυτοκρατορος [.5]ρος'     gaps as in Leiden+; or ? for one letter, * for any number
      grapheion parallels 'ομολογω εχειν παρα σου δια χειρος εξ οικου'     what stands nowhere as a whole is found in parts
    """
) { arguments in
  let library = try TextLibrary(at: arguments.libraryFolder())
  let limit = try arguments.int("--limit", in: 1...10_000) ?? 20
  let pattern = try ParallelPattern(arguments.operands[0])
  let indexes = try library.indexes { Console.note("parallels: \($0)") }
  let places = library.places()
  let found = Parallels(indexes).find(pattern, limit: limit)
  for parallel in found {
    let index = indexes[parallel.index]
    guard let line = index.line(index.line(of: parallel.letters.lowerBound)) else { continue }
    let entry = line.numbers.lazy.compactMap { places.entries[$0] }.first
    let quote = index.quote(parallel.letters)
    if arguments.has("--json") {
      let members: [JSONValue.Member?] = [
        .init("text", .string(line.text)), .init("line", .string(line.label)),
        line.numbers.first.map { .init("tm", .string($0)) },
        entry.map { .init("date", .string($0.date)) }, entry.map { .init("place", .string($0.place)) },
        .init("shared", .int(parallel.shared)), .init("quote", .string(quote)),
      ]
      Console.print(JSONValue.object(members.compactMap(\.self)).text)
    } else {
      Console.print(
        [
          "\(line.text) \(line.label)", entry?.words ?? "", entry?.place ?? "", "\(parallel.shared) letters", quote,
        ].map(displayText).joined(separator: "\t"))
    }
  }
  return found.isEmpty ? .someFailed : .done
}
