import Testing
import Text

@testable import Corpus

@Suite struct SearchTests {
  @Test func matchesRunOnIntoTheNextLineAndNoFurther() throws {
    let entry = IndexEntry(
      fragment: Fragment(id: "p"),
      lines: ["ἔτους τρί-", "του μη(νὸς)", "Τῦβι"].enumerated().map {
        IndexedLine(id: "0-\($0)", number: "\($0 + 1)", text: $1, isDecided: false)
      })
    let hits = try LetterPattern("τριτου").hits(in: entry)
    #expect(hits.map(\.line.id) == ["0-0"] && hits.map { $0.next?.id } == ["0-1"])
    #expect(hits[0].context.before == "ἔτους " && hits[0].context.found == "τρί- | του")
    #expect(hits[0].context.after == " μη(νὸς)")
    #expect(try LetterPattern("τριτουμηνοστυ").hits(in: entry).isEmpty)
    #expect(try LetterPattern("/τρι$/").hits(in: entry).map(\.context.found) == ["τρί"])
    #expect(try LetterPattern("/^του/").hits(in: entry).map(\.line.id) == ["0-1"])
    #expect(try LetterPattern("τ").hits(in: entry).count == 3)
  }

  @Test func marksOnTheLastLetterBelongToTheMatch() throws {
    let entry = IndexEntry(
      fragment: Fragment(id: "p"),
      lines: [IndexedLine(id: "0-0", number: "1", text: "κα\u{323}ι\u{323} το", isDecided: true)])
    let context = try #require(try LetterPattern("αι").hits(in: entry).first).context
    #expect(context.before == "κ" && context.found == "α\u{323}ι\u{323}" && context.after == " το")
  }
}
