import Platform
import Testing
import Text

@testable import Corpus

/// What the known texts proposed, on disk and beside the lines.
@Suite struct ProposalTests {
  private let proposals = FragmentProposals(
    fragment: "p1", texts: "words and restorations by ddbdp@1",
    lines: [
      .init(
        line: "0-0", of: "ετους[.5]", words: "ἔτους [.5]", runsOn: true,
        gaps: [
          .init(letters: 5...5, fillings: [.init(text: "καισα", probability: 0.61, parallels: ["bgu.16.2560 3"])]),
          .init(letters: 1...12, fillings: []),
        ]),
      .init(line: "0-1", of: "και"),
    ])

  @Test func whatIsWrittenIsRead() throws {
    let corpus = try CorpusFixture()
    #expect(try corpus.store.proposals(of: "p1") == nil)
    try corpus.store.record(proposals)
    #expect(try corpus.reopened().proposals(of: "p1") == proposals)
    #expect(try corpus.store.check().isEmpty)
  }

  /// A proposal is of the text it was made of; it decides nothing and teaches nothing.
  @Test func aLineThatSaysSomethingElseHasNone() throws {
    let corpus = try CorpusFixture()
    try corpus.store.record(CorpusFixture.reading("p1"))
    try corpus.store.record(proposals)
    let line = try corpus.store.lines(of: "p1")[0]
    #expect(line.status == .read && line.lesson == nil)
    #expect(proposals.line("0-0", reading: "ετους[.5]")?.runsOn == true)
    #expect(proposals.line("0-0", reading: "ετους[.4]") == nil)
    #expect(proposals.line("0-2", reading: "και") == nil)
  }

  /// Words asked for after restorations leave these, as long as the lines and the texts are the same.
  @Test func partsAskedForApartStandTogether() {
    let lines = [(line: "0-0", text: "ετους[.5]"), (line: "0-1", text: "και")]
    #expect(proposals.parts(by: "ddbdp@1", of: lines) == [.words, .restorations])
    #expect(proposals.parts(by: "ddbdp@2", of: lines).isEmpty)
    #expect(proposals.parts(by: "ddbdp@1", of: [lines[0]]).isEmpty)
    #expect(proposals.parts(by: "ddbdp@1", of: [lines[0], (line: "0-1", text: "κατα")]).isEmpty)
    var words = FragmentProposals(
      fragment: "p1", texts: FragmentProposals.name([.words], by: "ddbdp@1"),
      lines: [
        .init(line: "0-0", of: "ετους[.5]", words: "Ἔτους [.5]"), .init(line: "0-1", of: "και", words: "καὶ"),
      ])
    #expect(words.parts(by: "ddbdp@1", of: lines) == [.words])
    words.take([.restorations], of: proposals)
    #expect(words.lines[0].words == "Ἔτους [.5]" && words.lines[0].gaps == proposals.lines[0].gaps)
    #expect(words.lines[0].gaps?.count == 2 && words.lines[1].words == "καὶ")
  }

  @Test func aDamagedOneIsNamedAndIsNoLoss() throws {
    let corpus = try CorpusFixture()
    try corpus.store.record(proposals)
    let file = corpus.path + "/proposals/p1.json"
    let whole = try Files.read(file)
    for length in stride(from: 0, to: whole.count, by: 7) {
      try Files.replace(file, with: Array(whole.prefix(length)))
      #expect(throws: CorpusError.self) { try corpus.store.proposals(of: "p1") }
    }
    for lie in ["\"probability\": 1.5", "\"letters\": [0, 5]", "\"letters\": [5, 4]"] {
      let text = String(decoding: whole, as: UTF8.self)
        .replacing("\"probability\": 0.61", with: lie.hasPrefix("\"p") ? lie : "\"probability\": 0.61")
      let told = lie.hasPrefix("\"l") ? text.replacing(#/"letters": \[\s*5,\s*5\s*\]/#, with: lie) : text
      #expect(told != String(decoding: whole, as: UTF8.self))
      try Files.replace(file, with: Array(told.utf8))
      #expect(throws: CorpusError.self) { try corpus.store.proposals(of: "p1") }
    }
    let findings = try corpus.store.check()
    #expect(findings.count == 1 && findings[0].path == file && !findings[0].isDamage)
  }

  @Test func whatALineSaysToday() throws {
    let corpus = try CorpusFixture()
    try corpus.store.record(CorpusFixture.reading("p1"))
    let read = try corpus.store.lines(of: "p1")[0]
    #expect(read.standingText == read.candidates[0].leiden)
    try corpus.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "κατ", .edited))
    #expect(try corpus.store.lines(of: "p1")[0].standingText == "κατ")
    try corpus.store.record(CorpusFixture.decision("p1", "0-0", before: "κατ", after: nil, .rejected))
    #expect(try corpus.store.lines(of: "p1")[0].standingText == nil)
    // What was rejected is not found either.
    #expect(try corpus.store.search(LetterPattern(read.candidates[0].leiden)).allSatisfy { $0.line.id != "0-0" })
  }
}
