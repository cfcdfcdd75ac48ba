import Exchange
import Foundation
import Platform
import Raster
import Testing
import Text

@testable import Corpus

@Suite struct StoreTests {
  @Test func whatIsKnownOfAFragmentIsChangedInItsRecord() throws {
    let fixture = try CorpusFixture()
    _ = try fixture.store.table()
    let other = try fixture.reopened()
    let new = try fixture.store.describe("p1", by: "anna") {
      $0.title = "Λόγος"
      $0.id = "p2"
      $0.identifiers.tm = "17"
      $0.photographs[0].side = "verso"
      $0.photographs[0].file = "../x.png"
    }
    #expect((new.id, new.title, new.photographs[0].side, new.photographs[0].file) == ("p1", "Λόγος", "verso", "p1.png"))
    #expect(try other.fragment("p1") == new)
    try other.refresh()
    // Who changed what, and what stood there, is kept.
    let past = other.remarks(of: "p1")
    #expect(past.map(\.field) == ["title", "tm", "side 1"] && past.allSatisfy { $0.kind == .described })
    #expect(past[0].scholar == "anna" && past[0].text == "Λόγος" && past[0].before != nil && past[0].time > 0)
    #expect(try other.lines(of: "p1") == fixture.store.lines(of: "p1"))
    #expect(other.entry(of: "p1").fragment.title == "Λόγος")
    let table = try other.table()
    #expect(table.first(of: [0, 1], named: "17").map(table.id) == "p1")
    #expect(throws: CorpusError.self) {
      try fixture.store.describe("p1", by: "anna") { $0.title = String(repeating: "α", count: 3000) }
    }
    #expect(throws: CorpusError.self) {
      try fixture.store.describe("p1", by: "anna") { $0.date.notBefore = 10_000_000 }
    }
    #expect(throws: CorpusError.self) { try fixture.store.describe("p9", by: "anna") { $0.title = "x" } }
    #expect(try other.fragment("p1") == new)
    #expect(try fixture.store.check().isEmpty)
  }

  @Test func newCorpusIsEmptyAndSound() throws {
    let path = NSTemporaryDirectory() + "/grapheion-new-" + UUID().uuidString
    let store = try CorpusStore.create(at: path, name: "Tebtynis")
    #expect(store.name == "Tebtynis" && store.fragmentIDs.isEmpty)
    #expect(try store.check().isEmpty)
    let error = #expect(throws: CorpusError.self) { try CorpusStore.create(at: path) }
    #expect(error?.code == .exists)
  }

  @Test func newerFormatIsRefused() throws {
    let fixture = try CorpusFixture()
    try Data(#"{"format":"grapheion-corpus","version":2,"name":"x"}"#.utf8).write(
      to: URL(fileURLWithPath: fixture.path + "/corpus.json"))
    let error = #expect(throws: CorpusError.self) { try fixture.reopened() }
    #expect(error?.code == .newerFormat)
  }

  @Test func whatIsNoCorpusIsSaidSo() throws {
    let fixture = try CorpusFixture()
    #expect(throws: CorpusError.self) { try CorpusStore.open(at: fixture.folder + "/nothing") }
    #expect(throws: CorpusError.self) { try CorpusStore.open(at: fixture.folder + "/in") }
    #expect(throws: CorpusError.self) { try CorpusStore.open(at: fixture.folder + "/in/p1.png") }
  }

  @Test func namesNeverLeaveTheCorpus() throws {
    let store = try CorpusFixture().store
    for id in ["../x", "a/b", "", ".", "..", ".hidden", "a\u{0}b", "ä"] {
      #expect(!CorpusStore.isValid(id: id))
      #expect(throws: CorpusError.self) { try store.folder(of: id) }
    }
    #expect(CorpusStore.identifier(from: "../P. Tebt. I 5 (ä)") == "P.-Tebt.-I-5--a-")
    #expect(CorpusStore.identifier(from: "Ὀξύρυγχος ΙΙ 5α") == "Oxurugchos-II-5a")
    #expect(CorpusStore.identifier(from: "ψῆφος ΘΩΘ") == "psephos-ThOTh")
  }

  @Test func fragmentsKeepWhatIsKnownOfThem() throws {
    let fixture = try CorpusFixture()
    let fragment = Fragment(
      id: "x1",
      identifiers: Identifiers(tm: "5", hgv: "5a", ddbdp: "p.tebt;1;5", inventory: "Inv. 7"), title: "Receipt\u{1B}[2J",
      date: DateRange(notBefore: -118, notAfter: -100), place: "Tebtynis", material: "papyrus", rights: "CC0")
    try fixture.store.add(fragment)
    #expect(try fixture.reopened().fragment("x1") == fragment)
    #expect(displayText(fragment.title) == "Receipt␛[2J")
  }

  @Test func shardedCorporaFindTheirFragments() throws {
    let path = NSTemporaryDirectory() + "/grapheion-shards-" + UUID().uuidString
    let store = try CorpusStore.create(at: path, sharded: true)
    for number in 0..<20 { try store.add(Fragment(id: "f\(number)")) }
    let again = try CorpusStore.open(at: path)
    #expect(again.fragmentIDs == store.fragmentIDs && again.fragmentIDs.count == 20)
    #expect(try again.fragment("f7").id == "f7")
    #expect(!Files.exists(path + "/fragments/f7"))
  }

  @Test func statusCountsFragmentsAndLines() throws {
    let store = try CorpusFixture().store
    try store.record(CorpusFixture.reading("p1"))
    try store.recordFailure(fragment: "p2", model: "m@1", settings: "", reason: "too dark")
    try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "και", .took(0)))
    let status = try store.status()
    #expect(
      status.json.text
        == #"{"fragments":2,"images":2,"read":1,"failed":1,"lines":2,"corrected":0,"confirmed":1,"unread":1,"inWork":1,"done":0}"#
    )
    #expect(try store.overview(of: "p2").failure == "too dark")
  }

  @Test func sameInputsSameModelIsCurrent() throws {
    let fixture = try CorpusFixture()
    let store = fixture.store
    #expect(try !store.isCurrent("p1", model: "m@1", settings: "beam=8"))
    try store.record(CorpusFixture.reading("p1"))
    #expect(try fixture.reopened().isCurrent("p1", model: "m@1", settings: "beam=8"))
    #expect(try !store.isCurrent("p1", model: "m@2", settings: "beam=8"))
    try store.give([CorpusFixture.region("g1")], to: "p1")
    #expect(try !store.isCurrent("p1", model: "m@1", settings: "beam=8"))
  }

  @Test func whatChangedWhileItWasReadIsReadAgain() throws {
    let store = try CorpusFixture().store
    let inputs = try store.inputs(of: try store.fragment("p1"), regions: try store.regionsToRead(of: "p1"))
    #expect(try inputs == store.inputs(of: "p1"))
    try store.give([CorpusFixture.region("g1")], to: "p1")
    try store.record(CorpusFixture.reading("p1"), inputs: inputs)
    #expect(try !store.isCurrent("p1", model: "m@1", settings: "beam=8"))
  }

  @Test func aPhotographWrittenOverIsReadAgain() throws {
    let store = try CorpusFixture().store
    try Files.makeFolder(try store.folder(of: "p3"))
    let file = try store.folder(of: "p3") + "/recto.png"
    let first = PNG.encode(Bitmap(width: 8, height: 6, channels: 1, filledWith: 200))
    try Files.replace(file, with: first)
    try store.add(
      Fragment(
        id: "p3", photographs: [Photograph(file: "recto.png", width: 8, height: 6, sha256: SHA256.hash(first))]))
    try store.record(CorpusFixture.reading("p3"))
    #expect(try store.isCurrent("p3", model: "m@1", settings: "beam=8"))
    // The same bytes again are no other photograph.
    try Files.replace(file, with: first)
    #expect(try store.isCurrent("p3", model: "m@1", settings: "beam=8"))
    func date(_ seconds: Double) throws {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: seconds)], ofItemAtPath: file)
    }
    try Files.replace(file, with: PNG.encode(Bitmap(width: 8, height: 6, channels: 1, filledWith: 60)))
    #expect(try !store.isCurrent("p3", model: "m@1", settings: "beam=8"))
    // A reading made well after the photograph was put there is of that one.
    try date(-10)
    #expect(try store.isCurrent("p3", model: "m@1", settings: "beam=8"))
    try date(10)
    #expect(try !store.isCurrent("p3", model: "m@1", settings: "beam=8"))
  }

  @Test func aNewReadingDoesNotMoveDecidedLines() throws {
    let store = try CorpusFixture().store
    try store.record(CorpusFixture.reading("p1"))
    try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "και", .took(0)))
    #expect(try store.regionsToRead(of: "p1").map(\.id) == ["0-0", "0-1"])
    // A layout that found other lines under the same names.
    var other = CorpusFixture.reading("p1")
    other.lines = [LineReading(region: CorpusFixture.region("0-0", y: 28), candidates: [])]
    try store.record(other)
    let line = try store.lines(of: "p1")[0]
    #expect(line.region == CorpusFixture.region("0-0") && line.text == "και")
  }
}

@Suite struct ImportTests {
  @Test func refusesOneFileAndGoesOn() throws {
    let fixture = try CorpusFixture()
    let input = fixture.folder + "/more"
    try FileManager.default.createDirectory(atPath: input, withIntermediateDirectories: true)
    let whole = PNG.encode(Bitmap(width: 50, height: 50, channels: 3, filledWith: 90))
    try Data(whole).write(to: URL(fileURLWithPath: input + "/good.png"))
    try Data(whole.dropLast(60)).write(to: URL(fileURLWithPath: input + "/cut.png"))
    try Data("no image".utf8).write(to: URL(fileURLWithPath: input + "/text.png"))
    try Data(
      #"{"title":"Letter","identifiers":{"tm":1234},"notBefore":-120,"place":"Karanis"}"#.utf8
    ).write(to: URL(fileURLWithPath: input + "/good.json"))
    var outcomes: [ImportOutcome] = []
    try fixture.store.importPhotographs(
      [input, fixture.folder + "/missing.png"], scholar: "t", sidecar: { _, _ in nil }, tell: { outcomes.append($0) })
    #expect(outcomes.count == 4)
    #expect(outcomes.contains(.added(fragment: "good", path: input + "/good.png")))
    let refused = outcomes.compactMap { outcome -> String? in
      if case .refused(let path, let reason) = outcome { return Files.name(path) + ": " + reason }
      return nil
    }
    #expect(refused.contains { $0.hasPrefix("cut.png: the PNG is damaged") })
    #expect(refused.contains { $0.hasPrefix("text.png: is no image") })
    #expect(refused.contains("missing.png: no such file or folder"))
    let fragment = try fixture.reopened().fragment("good")
    #expect(fragment.identifiers.tm == "1234" && fragment.place == "Karanis" && fragment.title == "Letter")
    #expect(try fixture.store.check().isEmpty)
    #expect(!Files.exists(fixture.path + "/fragments/cut"))
  }

  @Test func theSamePhotographIsNotTakenTwice() throws {
    let fixture = try CorpusFixture()
    var outcomes: [ImportOutcome] = []
    try fixture.store.importPhotographs(
      [fixture.folder + "/in/p1.png"], scholar: "t", sidecar: { _, _ in nil }, tell: { outcomes.append($0) })
    #expect(outcomes == [.present(fragment: "p1", path: fixture.folder + "/in/p1.png")])
  }

  @Test func sidecarsBringRegionsAndText() throws {
    let fixture = try CorpusFixture()
    try PNG.write(Bitmap(width: 60, height: 40, filledWith: 10), to: fixture.folder + "/q.png")
    try fixture.store.importPhotographs(
      [fixture.folder + "/q.png"], scholar: "editor",
      sidecar: { _, _ in Sidecar(regions: [CorpusFixture.region("g1")], texts: ["g1": "λόγος"]) }, tell: { _ in })
    let line = try #require(try fixture.reopened().lines(of: "q").first)
    #expect(line.text == "λόγος" && line.status == .edited && line.region.id == "g1")
  }

  @Test func checkFindsAChangedPhotograph() throws {
    let fixture = try CorpusFixture()
    try PNG.write(
      Bitmap(width: 40, height: 30, filledWith: 7), to: fixture.path + "/fragments/p1/p1.png")
    let findings = try fixture.reopened().check()
    #expect(findings.count == 1 && findings[0].isDamage)
    #expect(findings[0].reason.contains("SHA-256"))
  }
}
