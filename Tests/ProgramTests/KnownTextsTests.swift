import Foundation
import JSON
import Testing

/// `grapheion texts`, `parallels`, `restore`, `words` and `date` as a scholar runs them.
@Suite struct KnownTextsTests {
  /// A library of invented contracts of two places.
  private func library(_ scratch: Scratch) throws -> [String: String] {
    var (rows, table) = ("", "TM\tplace\tdate\n")
    for number in 0..<40 {
      let isEarly = number % 2 == 0
      let king = isEarly ? "βασιλεύοντος Πτολεμαίου" : "Αὐτοκράτορος Καίσαρος"
      rows += "t.\(number)\t\(number + 1)\t\t1\tἔτους δευτέρου \(king) ὁμολογεῖ Δίδυ-\n"
      rows +=
        "t.\(number)\t\(number + 1)\t\t2\tμος ἔχειν παρὰ Ἥρωνος διὰ χειρὸς ἐξ οἴκου ἀργυρίου δραχμὰς\n"
      table +=
        "\(number + 1)\t\(isEarly ? "Memphis" : "Karanis")\t\(isEarly ? "-200±10" : "150±10")\n"
    }
    try rows.write(toFile: scratch.path + "/contracts.tsv", atomically: true, encoding: .utf8)
    try table.write(toFile: scratch.path + "/where.tsv", atomically: true, encoding: .utf8)
    let environment = ["GRAPHEION_TEXTS": scratch.path + "/library"]
    let added = try BuiltProgram.run(
      "texts", "add", scratch.path + "/contracts.tsv", scratch.path + "/where.tsv",
      environment: environment)
    #expect(added.status == 0, "\(added.error)")
    return environment
  }

  @Test func lettersBecomeWords() throws {
    let scratch = try Scratch()
    let environment = try library(scratch)
    let made = try BuiltProgram.run(
      "words", input: "ΟΜΟΛΟΓΕΙΔΙΔΥ\nμοσεχε̣ιν[.3]\n", environment: environment)
    #expect(made.status == 0)
    #expect(made.output == "ὁμολογεῖ Δίδυ-\nμος ἔχε̣ιν [.3]\n")
    let ways = try BuiltProgram.run(
      "words", "--candidates", "3", "--json", input: "διαχειροσ\n", environment: environment)
    let first = try JSONValue.parse(Array(ways.output.utf8))["candidates"]?.array?.first
    #expect(first?["text"]?.string == "διὰ χειρὸς")
    #expect(
      try BuiltProgram.run("words", input: "lorem ipsum\n", environment: environment).status == 3)
  }

  @Test func aTextIsDatedAndPlaced() throws {
    let scratch = try Scratch()
    let environment = try library(scratch)
    let told = try BuiltProgram.run(
      "date", input: "1. ἔτους δευτέρου Αὐτοκράτορος Καίσα[ρος]\n", environment: environment)
    #expect(told.status == 0)
    #expect(
      told.output.contains("2nd century CE") && told.output.contains("Karanis")
        && told.output.contains("καισαροσ"))
    let items =
      "{\"id\":\"7\",\"text\":\"βασιλευοντοσ πτολεμαιου\"}\n{\"id\":\"8\",\"text\":\"lorem\"}\nno json\n"
    let answers = try BuiltProgram.run("date", "--json", input: items, environment: environment)
    #expect(answers.status == 1)
    let lines = answers.output.split(separator: "\n")
    #expect(lines.count == 3)
    let first = try JSONValue.parse(Array(lines[0].utf8))
    #expect(
      first["id"]?.string == "7" && first["places"]?.array?.first?["place"]?.string == "Memphis")
    #expect(try JSONValue.parse(Array(lines[1].utf8))["error"]?.string != nil)
    #expect(try BuiltProgram.run("date", input: "lorem\n", environment: environment).status == 3)
  }

  @Test func withoutKnownTextsTheWayOutIsTold() throws {
    let scratch = try Scratch()
    let environment = ["GRAPHEION_TEXTS": scratch.path + "/nothing"]
    for command in ["words", "date", "restore"] {
      let outcome = try BuiltProgram.run(command, input: "και[.2]ον\n", environment: environment)
      #expect(outcome.status == 3, "\(command)")
      #expect(outcome.error.contains("texts add"), "\(command): \(outcome.error)")
    }
  }
}
