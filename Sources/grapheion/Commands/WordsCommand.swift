import JSON
import Platform
import Text
import Texts

/// `grapheion words`: a filter.
let wordsCommand = Command(
  name: "words",
  summary: "Divide letters into words as an edition has them: accents, capitals, abbreviations, numerals",
  operands: "[FILE]",
  count: 0...1,
  options: [
    Option(
      "--candidates", "N",
      "ways to write each line, each line for itself, with probabilities (default 1: lines go on in the next)"),
    Arguments.libraryOption,
    Option("--json", nil, "one JSON object for each line"),
  ],
  example: "grapheion read photograph.png | sed 's/^[0-9]*\\. //' | grapheion words"
) { arguments in
  let limit = try arguments.int("--candidates", in: 1...20) ?? 1
  let bytes = try LeidenFilter.read(arguments.operands.first)
  let input: String
  do throws(TextEncoding.Fault) { input = String(decoding: try TextEncoding.utf8(bytes), as: UTF8.self) } catch {
    throw Failure(.unreadable, "words: \(displayText(arguments.operands.first ?? "standard input")): \(error)")
  }
  var lines = input.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  if lines.last == "" { lines.removeLast() }
  guard lines.contains(where: { !TextLetters.numbers($0).isEmpty }) else {
    throw Failure(.unreadable, "words: there is no Greek letter in it.")
  }
  let divider = try TextLibrary(at: arguments.libraryFolder()).wordDivider { Console.note("words: \($0)") }
  if limit == 1 {
    for line in divider.lines(lines) {
      let text = line.text + (line.runsOn ? "-" : "")
      Console.print(arguments.has("--json") ? JSONValue.object(["text": .string(text)]).text : displayText(text))
    }
    return .done
  }
  for line in lines {
    let ways = divider.ways(line, limit: limit)
    if arguments.has("--json") {
      Console.print(
        JSONValue.object([
          "candidates": .array(
            ways.map {
              .object(["text": .string($0.text), "probability": .double(($0.probability * 1e4).rounded() / 1e4)])
            })
        ]).text)
    } else {
      for (number, way) in ways.enumerated() {
        let percent = "\(Int((100 * way.probability).rounded()))%"
        Console.print((number == 0 ? "" : "    ") + displayText(way.text) + "  " + percent)
      }
    }
  }
  return .done
}
