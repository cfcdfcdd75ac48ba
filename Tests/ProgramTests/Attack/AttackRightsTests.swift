import Corpus
import Foundation
import Platform
import Raster
import Testing

/// Other users and strict rights. Only root can become somebody else; where the tests run as another user they are left out with a word.
@Suite(
  .serialized, .enabled(if: getuid() == 0 && ChildProcess.find("setpriv") != nil, "not root, or no setpriv on PATH"))
struct AttackRightsTests {
  private static let group = 60_000

  /// Runs the program as a user whom nobody knows.
  private func run(_ words: [String], as user: Int, mask: String = "022") throws -> Attack.Run {
    let become = ["setpriv", "--reuid", "\(user)", "--regid", "\(Self.group)", "--clear-groups"]
    return try Attack.run(
      words, environment: ["HOME=/nonexistent", "GRAPHEION_SCHOLAR=u\(user)"],
      wrapper: ["sh", "-c", "umask \(mask); exec \"$@\"", "sh"] + become)
  }

  private func everything(in folder: String) throws -> [String] {
    [folder] + (try FileManager.default.subpathsOfDirectory(atPath: folder)).map { folder + "/" + $0 }
  }

  private func give(_ folder: String, to user: Int) throws {
    for path in try everything(in: folder) { lchown(path, uid_t(user), gid_t(Self.group)) }
  }

  /// Whatever may not be read or written: commands end with a word, and nothing in the corpus is lost.
  @Test func whateverIsForbiddenNothingIsLost() throws {
    let field = try AttackField()
    let report = Attack.Report("rights", share: 0.05)
    let files = try field.files
    let journal = Files.parent(files[5])
    let readings = Files.parent(files[6])
    let places: [(String, mode_t)] = [
      ("", 0o555), ("fragments", 0), ("fragments", 0o555), ("fragments/f1", 0), (files[1], 0), (files[2], 0),
      (files[3], 0),
      (journal, 0), (journal, 0o555), (files[5], 0), ("readings", 0), (readings, 0o555), (files[6], 0), ("cache", 0),
      ("cache", 0o555), (files[4], 0), ("corpus.json", 0), (journal, 0o333), ("fragments", 0o333),
    ]
    var dice = Attack.Dice(Attack.seed)
    var left = places
    repeat {
      let (place, mode) = left.remove(at: dice.next(left.count))
      if left.isEmpty { left = places }
      let corpus = try field.copy()
      try give(corpus, to: 65_534)
      let path = place.isEmpty ? corpus : corpus + "/" + place
      chmod(path, mode)
      let out = field.scratch.path + "/out"
      try Files.makeFolder(out)
      try give(out, to: 65_534)
      for words in [
        ["status", corpus], ["search", corpus, "και"], ["check", corpus], ["check", corpus, "--repair"],
        ["import", corpus, field.photograph], ["transcribe", corpus, "--again", "--fast", "--workers", "1"],
        ["export", corpus, "--format", "page", "--to", out],
      ] {
        let octal = String(mode, radix: 8)
        report.count(octal)
        let run = try run(words, as: 65_534)
        if let fall = run.fall { report.fell(octal, "\(place), \(words[0]): \(fall) \(run.errors.suffix(200))") }
      }
      chmod(path, Files.status(path)?.kind == .folder ? 0o755 : 0o644)
      let store = try CorpusStore.open(at: corpus)
      let findings = try store.check().filter(\.isDamage)
      if !findings.isEmpty { report.fell("rights", "\(place): \(findings)") }
      if try store.corrections(of: "f1").count != 2 { report.fell("rights", "\(place): decisions were lost") }
    } while report.goesOn
    report.tell()
    #expect(report.fallen == 0)
  }

  /// A corpus of somebody else: it can be read, and nothing of it changed; a journal that its writer keeps to himself keeps nobody from the others.
  @Test func aSecondUserReadsWhatHeMay() throws {
    let field = try AttackField()
    let corpus = try field.copy()
    let before = try everything(in: corpus).map { Files.status($0) }
    #expect(try run(["status", corpus], as: 1001).status == 0)
    #expect(try run(["search", corpus, "καὶ"], as: 1001).output.contains("f1"))
    #expect(try run(["check", corpus], as: 1001).status == 0)
    let refused = try run(["import", corpus, field.photograph], as: 1001)
    #expect(refused.status == 3 && refused.errors.contains("read-only"), "\(refused)")
    #expect(try run(["check", corpus, "--repair"], as: 1001).status == 3)
    #expect(try everything(in: corpus).map { Files.status($0) } == before)
    // A journal of mode 0600, with the index and without.
    chmod(corpus + "/" + (try field.files[5]), 0o600)
    for withIndex in [true, false] {
      if !withIndex { try Files.remove(corpus + "/cache/index") }
      let status = try run(["status", corpus], as: 1001)
      #expect(status.status == 0 && status.output.contains("1 fragments"), "\(status)")
      #expect(try run(["search", corpus, "και"], as: 1001).fall == nil)
      let check = try run(["check", corpus], as: 1001)
      #expect(check.status == 3 && check.output.contains("permission denied"), "\(check)")
      #expect(check.errors.contains("not to be read by this user"), "\(check)")
    }
    #expect(try CorpusStore.open(at: corpus).check().isEmpty)
  }

  /// A corpus made to be shared: whoever is of the group reads and writes in it, under the strictest umask; others do not.
  @Test func aGroupSharesACorpus() throws {
    let field = try AttackField()
    let folder = field.scratch.path + "/group"
    try Files.makeFolder(folder)
    chown(folder, 1001, gid_t(Self.group))
    let corpus = folder + "/c"
    #expect(try run(["new", corpus, "--shared"], as: 1001, mask: "077").status == 0)
    for (number, user) in [1001, 1002].enumerated() {
      let picture = field.scratch.path + "/p\(number).png"
      try PNG.write(Bitmap(width: 300 + number, height: 100, filledWith: 200), to: picture)
      #expect(try run(["import", corpus, picture], as: user, mask: "077").status == 0)
    }
    for user in [1002, 1001] {
      let read = try run(
        ["transcribe", corpus, "--again", "--fast", "--workers", "1"], as: user, mask: "077")
      #expect(read.status == 0, "\(read)")
      let status = try run(["status", corpus, "--json"], as: user, mask: "077")
      #expect(status.output.contains(#""fragments":2"#) && status.output.contains(#""read":2"#), "\(status)")
      #expect(try run(["check", corpus, "--repair"], as: user, mask: "077").status == 0)
    }
    for path in try everything(in: corpus) {
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(mode & 0o060 == 0o060, "\(path) \(String(mode, radix: 8))")
      #expect(attributes[.groupOwnerAccountID] as? Int == Self.group, "\(path)")
    }
    // Without --shared the umask alone decides.
    let own = folder + "/own"
    #expect(try run(["new", own], as: 1001, mask: "077").status == 0)
    for path in try everything(in: own) {
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
      #expect(mode & 0o077 == 0, "\(path) \(String(mode, radix: 8))")
    }
    #expect(try run(["status", own], as: 1002).status == 3)
  }
}
