import Foundation
import JSON
import Platform
import Testing

@testable import Corpus

/// What `check` says of a corpus, and how often.
@Suite struct CheckTests {
  @Test func whatLiesAmongTheFragmentsAndIsNoneIsTold() throws {
    let fixture = try CorpusFixture()
    let root = fixture.path + "/fragments"
    try Files.makeFolder(root + "/empty")
    try Files.replace(root + "/Thumbs.db", with: [1])
    try Files.makeFolder(root + "/lost")
    try Files.replace(root + "/lost/lost.png", with: [1])
    for _ in 0..<2 {
      let store = try fixture.reopened()
      #expect(store.fragmentIDs == ["p1", "p2"])
      let findings = try store.check()
      #expect(findings.map(\.path).map(Files.name) == ["Thumbs.db", "empty", "lost"])
      #expect(findings.map(\.kind) == [.notice, .notice, .damage])
      try store.updateIndex(always: true)
    }
    // A record that is gone is damage, whoever knows of it.
    try Files.remove(root + "/p1/fragment.json")
    for withIndex in [true, false] {
      if !withIndex { try Files.remove(fixture.path + "/cache/index") }
      #expect(try fixture.reopened().check().contains { $0.isDamage && $0.description.contains("p1") }, "\(withIndex)")
    }
  }

  @Test func theFirstHundredOfAKindAreToldOneByOne() {
    func finding(_ path: String, _ number: Int, _ kind: CheckFinding.Kind) -> CheckFinding {
      CheckFinding(path: path, reason: "\(number)", kind: kind)
    }
    let many =
      (0..<250).map { finding("a", $0, .damage) } + (0..<3).map { finding("a", $0, .notice) } + [
        finding("b", 1, .damage)
      ]
    let kept = many.summedUp()
    #expect(kept.count == 105)
    #expect(kept.last == finding("a", 0, .damage).saying("150 more of that kind"))
    #expect(Array(many.prefix(100)).summedUp() == Array(many.prefix(100)))
  }

  @Test func aLossIsAcceptedWordForWord() throws {
    let fixture = try CorpusFixture()
    try Files.remove(fixture.path + "/fragments/p1/p1.png")
    let before = try fixture.reopened().check()
    #expect(before.count == 1 && before[0].isDamage)
    let accepted = try fixture.reopened().check(accepting: "anna")
    #expect(accepted.count == 1 && accepted[0].isNotice && accepted[0].reason.contains("accepted by anna on 20"))
    // What comes to it is damage, and what was accepted stays so.
    try Files.remove(fixture.path + "/fragments/p2/p2.png")
    #expect(try fixture.reopened().check().map(\.isDamage) == [false, true])
    #expect(try fixture.reopened().check(accepting: "bert").allSatisfy(\.isNotice))
    let list = try JSONValue.parse(Files.read(fixture.path + "/accepted.json")).array ?? []
    #expect(list.map { $0["scholar"]?.string } == ["anna", "bert"])
    #expect(list.map { $0["path"]?.string } == ["fragments/p1/p1.png", "fragments/p2/p2.png"])
  }

  /// What one decided is missed at once, should it be lost: a small corpus' index is made anew whenever somebody looks.
  @Test func theIndexBearsWitnessOfTheLastSession() throws {
    let fixture = try CorpusFixture()
    try fixture.store.updateIndex(always: true)
    try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "α", .edited))
    let name = try #require(try Files.list(fixture.path + "/journal").first)
    #expect(try fixture.reopened().updateIndex() != nil)
    #expect(try fixture.reopened().updateIndex() == nil)
    try Files.remove(fixture.path + "/journal/" + name)
    #expect(try fixture.reopened().check().contains { $0.isDamage && $0.reason.contains("missing") })
  }

  /// All that is made in a corpus to be shared is the group's.
  @Test func aSharedCorpusIsTheGroups() throws {
    let folder = try CorpusFixture().folder
    let path = folder + "/shared"
    let before = umask(0o077)
    defer { umask(before) }
    let store = try CorpusStore.create(at: path, shared: true)
    try store.importPhotographs([folder + "/in"], scholar: "t", sidecar: { _, _ in nil }, tell: { _ in })
    try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "α", .edited))
    try store.record(CorpusFixture.reading("p1"))
    try store.updateIndex(always: true)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: path).map { path + "/" + $0 } + [path]
    #expect(paths.count > 12)
    for path in paths {
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
      #expect(mode & 0o060 == 0o060, "\(path): \(String(mode, radix: 8))")
    }
  }
}

extension CheckFinding {
  fileprivate func saying(_ reason: String) -> CheckFinding {
    var other = self
    other.reason = reason
    return other
  }
}
