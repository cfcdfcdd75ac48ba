import Glibc
import JSON
import Leiden
import Platform
import Text
import Texts

/// `grapheion date`.
let dateCommand = Command(
  name: "date",
  summary: "Say when and where a text was written, by its words, with probabilities",
  operands: "[FILE]",
  count: 0...1,
  options: [
    Option("--places", "N", "places that are told (default 5)"),
    Arguments.libraryOption,
    Option("--json", nil, "each line of input is a text: {\"id\":…,\"text\":\"ετους τεταρτου …\"}"),
  ],
  example: """
    grapheion texts add papyri-places-dates.tsv     places and dates of the library's texts, once
      grapheion date text.leiden                      Leiden+, EpiDoc or plain text
    """
) { arguments in
  let limit = try arguments.int("--places", in: 1...1000) ?? 5
  let input = try LeidenFilter.read(arguments.operands.first)
  let model = try TextLibrary(at: arguments.libraryFolder()).originModel { Console.note("date: \($0)") }
  if arguments.has("--json") { return try dateItems(input, model, limit: limit) }
  guard let origin = try origin(of: input, model, places: limit) else {
    throw Failure(.unreadable, "date: none of its words stands in a known text whose place and date are known.")
  }
  Console.print("\(told(origin.from)) to \(told(origin.to)) (four chances in five), the middle \(told(origin.middle))")
  for century in origin.centuries where century.probability >= 0.05 {
    Console.print("  \(percent(century.probability))  \(told(century: century.century))")
  }
  for (words, year) in origin.countedYears { Console.print("       \(words), \(told(year))") }
  if !origin.yearFeatures.isEmpty { Console.print("       " + origin.yearFeatures.joined(separator: ", ")) }
  for place in origin.places where place.probability >= 0.01 {
    Console.print(displayText("  \(percent(place.probability))  \(place.place)"))
    if !place.features.isEmpty { Console.print("       " + place.features.joined(separator: ", ")) }
  }
  return .done
}

/// When and where a text in Leiden+ or EpiDoc, or plain text with `-` for what is lost, was written.
private func origin(of input: [UInt8], _ model: OriginModel, places limit: Int) throws -> OriginModel.Origin? {
  if EpiDocDocument.isXML(input) {
    return model.origin(of: try EpiDocDocument.edition(in: input), places: limit)
  }
  let (text, errors) = LeidenText.parse(leidenBytes: LeidenText.withoutFileMarks(input))
  return errors.isEmpty
    ? model.origin(of: text, places: limit) : model.origin(of: String(decoding: input, as: UTF8.self), places: limit)
}

private func percent(_ probability: Double) -> String {
  let whole = Int((100 * probability).rounded())
  return (whole < 10 ? " " : "") + "\(whole)%"
}

private func told(_ year: Int) -> String { year < 0 ? "\(-year) BCE" : "\(year) CE" }

private func told(century: Int) -> String {
  let number = abs(century)
  let ending =
    number % 10 == 1 && number != 11
    ? "st" : number % 10 == 2 && number != 12 ? "nd" : number % 10 == 3 && number != 13 ? "rd" : "th"
  return "\(number)\(ending) century \(century < 0 ? "BCE" : "CE")"
}

/// A line of answers for each line of input, in order; a line that cannot be read is told of and the rest done.
private func dateItems(_ input: [UInt8], _ model: OriginModel, limit: Int) throws -> ExitStatus {
  func short(_ number: Double) -> JSONValue { .double((number * 1e4).rounded() / 1e4) }
  func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
  let lines = try ItemLines(input, for: "date").lines
  var failed = 0
  for (number, line) in lines {
    let value = try? ItemLines.value(line)
    guard let value, let text = value["text"]?.string, let origin = model.origin(of: text, places: limit) else {
      failed += 1
      let reason = value?["text"]?.string == nil ? "it is no JSON object with a \"text\"" : "none of its words is known"
      Console.print(JSONValue.object(["id": value?["id"], "error": .string(reason)]).text)
      Console.error("line \(number): \(reason)")
      continue
    }
    Console.print(
      JSONValue.object([
        "id": value["id"],
        "years": .object(["from": .int(origin.from), "to": .int(origin.to), "middle": .int(origin.middle)]),
        "centuries": .array(
          origin.centuries.filter { $0.probability >= 0.001 }.map {
            .object(["century": .int($0.century), "probability": short($0.probability)])
          }),
        "counted": .array(
          origin.countedYears.map { .object(["words": .string($0.words), "year": .int($0.year)]) }),
        "features": strings(origin.yearFeatures),
        "places": .array(
          origin.places.map {
            .object([
              "place": .string($0.place), "probability": short($0.probability), "features": strings($0.features),
            ])
          }),
      ]).text)
  }
  return failed == 0 ? .done : failed == lines.count ? .unreadable : .someFailed
}
