import Foundation
import Platform
import Testing

@testable import Corpus

/// Alignments on disk, and what they offer.
@Suite struct AlignmentRecordTests {
  private func alignment(_ fragment: String, probability: Double = 0.97) -> FragmentAlignment {
    FragmentAlignment(
      fragment: fragment, model: "m@1", inputs: "x", editions: ["bgu.1.1"], licence: "CC BY 3.0",
      lines: [
        .init(
          region: CorpusFixture.region("0-0"),
          offer: EditionOffer(edition: "bgu.1.1", label: "5", text: "κα[ὶ]", probability: probability))
      ], unmet: ["6"])
  }

  @Test func whatIsWrittenIsRead() throws {
    let corpus = try CorpusFixture()
    #expect(try corpus.store.alignment(of: "p1") == nil)
    try corpus.store.record(alignment("p1"))
    #expect(try corpus.reopened().alignment(of: "p1") == alignment("p1"))
    #expect(try corpus.store.check().isEmpty)
  }

  @Test func anOfferStandsBesideItsLineAndDecidesNothing() throws {
    let corpus = try CorpusFixture()
    try corpus.store.record(CorpusFixture.reading("p1"))
    try corpus.store.record(alignment("p1"))
    let line = try corpus.store.lines(of: "p1")[0]
    #expect(line.edition?.text == "κα[ὶ]")
    #expect(line.status == .read && line.decidedText == nil)
    #expect(line.lesson?.text == "κα[ὶ]" && line.lesson?.isDecided == false)
    #expect(try corpus.store.lines(of: "p1")[1].edition == nil)
  }

  @Test func whatAScholarDecidesTeachesInItsPlace() throws {
    let corpus = try CorpusFixture()
    try corpus.store.record(CorpusFixture.reading("p1"))
    try corpus.store.record(alignment("p1"))
    try corpus.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "κατ", .edited))
    #expect(try corpus.store.lines(of: "p1")[0].lesson?.text == "κατ")
    try corpus.store.record(CorpusFixture.decision("p1", "0-0", before: "κατ", after: nil, .rejected))
    #expect(try corpus.store.lines(of: "p1")[0].lesson == nil)
  }

  @Test func anOfferThatIsNotSureTeachesNothing() throws {
    let corpus = try CorpusFixture()
    try corpus.store.record(CorpusFixture.reading("p1"))
    try corpus.store.record(alignment("p1", probability: 0.6))
    let line = try corpus.store.lines(of: "p1")[0]
    #expect(line.edition != nil && line.lesson == nil)
  }

  @Test func aDamagedOneIsNamedAndIsNoLoss() throws {
    let corpus = try CorpusFixture()
    try corpus.store.record(alignment("p1"))
    let file = corpus.path + "/alignments/p1.json"
    let whole = try Files.read(file)
    for length in stride(from: 0, to: whole.count, by: 7) {
      try Files.replace(file, with: Array(whole.prefix(length)))
      #expect(throws: CorpusError.self) { try corpus.store.alignment(of: "p1") }
    }
    let findings = try corpus.store.check()
    #expect(findings.count == 1 && findings[0].path == file && !findings[0].isDamage)
  }

  @Test func aScholarMovesAndDiscardsOffers() throws {
    let corpus = try CorpusFixture()
    try corpus.store.record(CorpusFixture.reading("p1"))
    try corpus.store.record(alignment("p1"))
    try corpus.store.changeAlignment(of: "p1", line: "0-0", .moveDown)
    var lines = try corpus.reopened().lines(of: "p1")
    #expect(lines[0].edition == nil && lines[1].edition?.label == "5")
    // Moved by hand it teaches nothing until it is taken.
    #expect(lines[1].lesson == nil)
    try corpus.store.changeAlignment(of: "p1", line: "0-1", .moveDown)
    #expect(try corpus.store.alignment(of: "p1")?.unmet == ["6", "5"])
    try corpus.store.record(alignment("p1"))
    try corpus.store.changeAlignment(of: "p1", line: "0-0", .discard)
    lines = try corpus.store.lines(of: "p1")
    #expect(lines.allSatisfy { $0.edition == nil })
    try corpus.store.changeAlignment(of: "p2", line: "0-0", .discard)
  }
}
