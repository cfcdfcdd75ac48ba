import Corpus
import Foundation
import Platform
import Testing

/// Calls to the system fail in the built program, one after another, or it is killed there: what is said to be done is done, and what is refused leaves
/// the corpus sound.
@Suite(.serialized) struct AttackFaultTests {
  private let commands = [
    "import", "import", "check", "status", "repair", "search", "export", "export", "transcribe", "transcribe", "new",
  ]

  @Test(
    .enabled(
      if: HeldPhotograph.compiler != nil && !Attack.isSanitized,
      "no C compiler on PATH, or a sanitized program: faults are not injected"))
  func everyCallFailsInTurn() throws {
    let field = try AttackField()
    let report = Attack.Report("faults", share: 0.2)
    let library = try #require(HeldPhotograph.environment["LD_PRELOAD"])
    let told = field.scratch.path + "/told"
    let out = field.scratch.path + "/out"
    /// How many calls of a name each command makes: found as they go.
    var most: [String: Int] = [:]
    var dice = Attack.Dice(Attack.seed)
    var number = 0
    while report.goesOn {
      let fault = Attack.Fault.all[number % Attack.Fault.all.count]
      number += 1
      let command = dice.pick(commands)
      let key = fault.call + command
      let place = 1 + dice.next(most[key] ?? fault.firstGuess)
      let corpus = try field.copy()
      for path in [out, told] where Files.exists(path) { try FileManager.default.removeItem(atPath: path) }
      let words =
        switch command {
        case "import": ["import", corpus, field.photograph]
        case "repair": ["check", corpus, "--repair"]
        case "search": ["search", corpus, "και"]
        case "export": ["export", corpus, "--format", dice.pick(["page", "jsonl", "lines"]), "--to", out]
        case "transcribe": ["transcribe", corpus, "--again", "--fast", "--workers", "1"]
        case "new": ["new", out + "/new"]
        default: [command, corpus]
        }
      let code = dice.pick(fault.errors)
      let run = try Attack.run(
        words,
        environment: [
          "LD_PRELOAD=" + library, "ATTACK_CALL=" + fault.call, "ATTACK_NUMBER=\(place)", "ATTACK_ERRNO=\(code)",
          "ATTACK_TOLD=" + told,
        ])
      let what = "\(fault.call) \(place) of \(command), error \(code)"
      guard Files.exists(told) else {
        most[key] = max(8, min(most[key] ?? fault.firstGuess, place))
        continue
      }
      let kind = code == 0 ? "kill" : fault.call
      report.count(kind)
      let mayEnd = code == 0 ? run.fall == "signal \(SIGKILL)" : fault.call == "malloc"
      if let fall = run.fall, !(mayEnd && fall.hasPrefix("signal")) {
        report.fell(kind, "\(what): \(fall) \(run.errors.suffix(300))")
      }
      try expectSound(corpus, run, command, what, report, kind)
      try expectWholeFiles(in: out, what, report, kind)
    }
    report.tell()
    #expect(report.fallen == 0)
  }

  /// A disk that fails when readings are flushed ends the batch with a word: a worker that waits for more work must not keep it to itself.
  @Test(.enabled(if: HeldPhotograph.compiler != nil && !Attack.isSanitized, "faults are not injected"))
  func aFlushThatFailsEndsTheBatch() throws {
    let field = try AttackField()
    let library = try #require(HeldPhotograph.environment["LD_PRELOAD"])
    let run = try Attack.run(
      ["transcribe", try field.copy(), "--again", "--fast", "--workers", "1"],
      environment: [
        "LD_PRELOAD=" + library, "ATTACK_CALL=fdatasync", "ATTACK_NUMBER=1", "ATTACK_ERRNO=5",
        "ATTACK_TOLD=" + field.scratch.path + "/told",
      ])
    #expect(run.fall == nil && run.errors.contains("the disk reports an error"), "\(run)")
  }

  private func expectSound(
    _ corpus: String, _ run: Attack.Run, _ command: String, _ what: String, _ report: Attack.Report, _ kind: String
  ) throws {
    let store = try CorpusStore.open(at: corpus)
    var findings = try store.check()
    if findings.contains(where: \.isDamage) { report.fell(kind, "\(what): \(findings)") }
    if !findings.isEmpty {
      _ = try store.check(repair: true)
      findings = try CorpusStore.open(at: corpus).check()
      if !findings.isEmpty { report.fell(kind, "\(what): after a repair: \(findings)") }
    }
    if try store.corrections(of: "f1").count != 2 { report.fell(kind, "\(what): decisions were lost") }
    let isThere = store.fragmentIDs.contains("photograph")
    if command == "import", run.output.contains("photograph\t"), !isThere {
      report.fell(kind, "\(what): said to be added, and is not there")
    }
    if command == "new", run.output.contains("is ready") {
      // Under `out`; said to be there, it can be opened.
      let made = Files.parent(corpus) + "/out/new"
      do { _ = try CorpusStore.open(at: made) } catch { report.fell(kind, "\(what): said to be ready: \(error)") }
    }
  }

  /// A file of an export that has its name is whole.
  private func expectWholeFiles(in out: String, _ what: String, _ report: Attack.Report, _ kind: String) throws {
    guard Files.status(out)?.kind == .folder else { return }
    for name in try Files.list(out) where !name.contains(".new-") {
      guard Files.status(out + "/" + name)?.kind == .file else { continue }
      let bytes = try Files.read(out + "/" + name)
      let isWhole =
        switch name.split(separator: ".").last {
        case "png": bytes.suffix(8).starts(with: "IEND".utf8)
        case "xml": String(decoding: bytes.suffix(12), as: UTF8.self).contains("</PcGts>")
        case "jsonl": bytes.isEmpty || bytes.last == 0x0A
        default: true
        }
      if !isWhole { report.fell(kind, "\(what): \(name) is cut short") }
    }
  }
}
