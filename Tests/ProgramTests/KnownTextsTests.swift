import Foundation
import JSON
import Testing

@testable import grapheion

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

  /// What a line asks for is said to be wrong, with its id and in its place; nothing of it is passed over.
  @Test func whatALineAsksWronglyIsTold() throws {
    let scratch = try Scratch()
    let environment = try library(scratch)
    let items = [
      #"{"id":1,"before":"ετουσ","after":"ρος","letters":3}"#, "",
      #"{"id":2,"before":"ετουσ","after":"ρος","letters":4,"fixed":"a??α"}"#,
      #"{"id":3,"before":"ετουσ","after":"ρος","letters":2,"fixed":["α",""]}"#,
      #"{"id":4,"befor":"ετουσ","aftr":"ρος","letters":2}"#, #"{"id":5,"before":5,"letters":2}"#,
      #"{"id":6,"before":"ετουσ","after":"ρος","letters":3,"fixed":"ά??"}"#,
    ].joined(separator: "\n")
    let told = try BuiltProgram.run("restore", "--json", input: "\u{FEFF}" + items, environment: environment)
    #expect(told.status == 1)
    let answers = try told.output.split(separator: "\n").map { try JSONValue.parse(Array($0.utf8)) }
    #expect(answers.map { $0["id"]?.int } == [1, 2, 3, 4, 5, 6])
    #expect(answers.map { $0["error"] == nil } == [true, false, false, false, false, true])
    #expect(told.error.contains("line 3: ") && told.error.contains("'a' is neither a Greek letter"))
    #expect(told.error.contains("line 6: ") && !told.error.contains("line 2: "))
  }

  @Test func numeralsKeepTheirSigns() throws {
    let scratch = try Scratch()
    let rows = (0..<30).map { number in
      "t.\(number)\t\(number + 1)\t\t1\tἔτους |digit=16|ιϛ μηνὸς |digit=10|ι ἔτους |digit=6|ϛ\n"
    }
    try rows.joined().write(toFile: scratch.path + "/years.tsv", atomically: true, encoding: .utf8)
    let environment = ["GRAPHEION_TEXTS": scratch.path + "/library"]
    #expect(try BuiltProgram.run("texts", "add", scratch.path + "/years.tsv", environment: environment).status == 0)
    let made = try BuiltProgram.run("words", input: "ΕΤΟΥΣΙϚ\n", environment: environment)
    #expect(made.output == "ἔτους ‹#ιϛ=16#>\n" || made.output == "ἔτους <#ιϛ=16#>\n", "\(made.output)")
    let ten = try BuiltProgram.run("words", input: "ΜΗΝΟΣΙ\n", environment: environment)
    #expect(!ten.output.contains("ϛ") && !ten.output.contains("16"), "\(ten.output)")
  }

  @Test func wordsAreOfTextInUTF8() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/old.txt"
    try Data([0xEA, 0xE1, 0xE9, 0x0A]).write(to: URL(fileURLWithPath: path))
    let told = try BuiltProgram.run("words", path, environment: try library(scratch))
    #expect(told.status == 3 && told.error.contains("UTF-8") && told.output.isEmpty)
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
    // A damaged document is told of, not taken for plain text.
    let damaged = try BuiltProgram.run(
      "date",
      input: "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body><div type=\"edition\"><ab>ἔτους δευτέρου</ab>",
      environment: environment)
    #expect(damaged.status == 3 && damaged.output.isEmpty && damaged.error.contains("is not closed"))
  }

  /// A batch that asks the known texts, too: what they say stands beside the readings, and is made anew only where a line or the texts changed.
  @Test func aBatchAsksTheKnownTexts() throws {
    let scratch = try Scratch()
    let environment = try library(scratch)
    let corpus = scratch.path + "/c"
    #expect(
      try BuiltProgram.run("scribe", "--to", corpus, "--count", "1", "--seed", "3", environment: environment).status
        == 0)
    func transcribe(_ words: String...) throws -> String {
      let run = try BuiltProgram.run(
        ["transcribe", corpus, "--workers", "1", "--fast"] + words, environment: environment)
      #expect(run.status == 0, "\(run.error)")
      return run.error
    }
    let made = corpus + "/proposals/scribe-001.json"
    // Nothing is asked that nobody asked for.
    #expect(try transcribe().contains("1 read"))
    #expect(!FileManager.default.fileExists(atPath: made))
    #expect(try transcribe("--words").contains("1 unchanged"))
    let words = try JSONValue.parse(Array(try Data(contentsOf: URL(fileURLWithPath: made))))["lines"]?.array ?? []
    #expect(!words.isEmpty && words.allSatisfy { $0["words"] != nil && $0["gaps"] == nil })
    #expect(try transcribe("--words", "--restore").contains("1 unchanged"))
    let before = try FileManager.default.attributesOfItem(atPath: made)[.modificationDate] as? Date
    let both = try JSONValue.parse(Array(try Data(contentsOf: URL(fileURLWithPath: made))))["lines"]?.array ?? []
    #expect(both.allSatisfy { $0["words"] != nil && $0["gaps"] != nil })
    #expect(try transcribe("--words", "--restore").contains("1 unchanged"))
    #expect(try FileManager.default.attributesOfItem(atPath: made)[.modificationDate] as? Date == before)
    let shown = try BuiltProgram.run("show", corpus, "scribe-001", "--proposed", "--json", environment: environment)
    let first = try JSONValue.parse(Array(shown.output.split(separator: "\n")[0].utf8))
    #expect(first["words"]?.string == words[0]["words"]?.string)
    #expect(try BuiltProgram.run("check", corpus, environment: environment).status == 0)
    // Without texts the batch says so before it begins.
    let none = try BuiltProgram.run("transcribe", corpus, "--restore", "--library", scratch.path + "/none")
    #expect(none.status == 3 && none.error.contains("texts add"))
  }

  /// A language model of the user's proposes like Grapheion's own restorer; known texts are not needed.
  @Test func aLanguageModelRestores() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/random.gguf"
    try RandomDecoder.tiny[0].write(to: path)
    let none = ["GRAPHEION_TEXTS": scratch.path + "/nothing"]
    let items = #"{"id":"7","before":"ετουσ τεταρ","after":"υτοκρατοροσ","letters":3,"fixed":"τ?α"}"# + "\nno json\n"
    let told = try BuiltProgram.run("restore", "--json", "--model", path, input: items, environment: none)
    #expect(told.status == 1, "\(told.error)")
    let lines = told.output.split(separator: "\n")
    #expect(lines.count == 2)
    let answer = try JSONValue.parse(Array(lines[0].utf8))
    let candidates = answer["candidates"]?.array ?? []
    #expect(answer["id"]?.string == "7" && candidates.count == 20)
    for candidate in candidates {
      let text = candidate["text"]?.string ?? ""
      #expect(text.count == 3 && text.hasPrefix("τ") && text.hasSuffix("α") && candidate["probability"]?.double != nil)
    }
    let text = try BuiltProgram.run("restore", "--model", path, input: "1. ἔτους [.2]τάρτου\n", environment: none)
    #expect(text.status == 0 && text.output.contains("line 1") && text.output.contains("%"))
    // Parallels where there are known texts.
    let known = try library(scratch)
    let shown = try BuiltProgram.run(
      "restore", "--json", "--candidates", "100", "--model", path,
      input: #"{"before":"παρα ηρωνοσ δια χειροσ ε","after":" οικου αργυριου","letters":1}"# + "\n", environment: known)
    #expect(shown.status == 0 && shown.output.contains(#""quote":"#))
    for (name, word) in [("missing.gguf", "no such file"), ("contracts.tsv", "is not a model in GGUF format")] {
      let refused = try BuiltProgram.run(
        "restore", "--model", scratch.path + "/" + name, input: "1. και[.2]\n", environment: none)
      #expect(refused.status == 3 && refused.error.contains(word), "\(refused.error)")
    }
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
