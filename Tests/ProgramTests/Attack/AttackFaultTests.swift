import Corpus
import Foundation
import Platform
import Testing

/// Calls to the system fail in the built program, one after another: what is said to be done is done, and what is refused leaves the corpus sound.
@Suite(.serialized) struct AttackFaultTests {
  private static let compiler = ["cc", "clang", "gcc"].lazy.compactMap(ChildProcess.find).first

  @Test(
    .enabled(
      if: compiler != nil && !Attack.isSanitized,
      "no C compiler on PATH, or a sanitized program: faults are not injected"))
  func everyCallFailsInTurn() throws {
    let field = try AttackField()
    let report = Attack.Report("faults")
    let library = field.scratch.path + "/faults.so"
    let source = BuiltProgram.root + "/Tests/Attack/faults.c"
    let built = try ChildProcess.run(Self.compiler!, ["-shared", "-fPIC", "-O1", "-w", "-o", library, source, "-ldl"])
    try #require(built.status == 0, "\(String(decoding: built.errors, as: UTF8.self))")
    let told = field.scratch.path + "/told"
    let calls: [(String, [Int32])] = [
      ("open", [EIO, EMFILE, EACCES]), ("pread", [EIO]), ("read", [EIO]), ("write", [ENOSPC, EIO]),
      ("rename", [EIO, EROFS]),
      ("fsync", [EIO]), ("fdatasync", [EIO]), ("ftruncate", [EIO]), ("mmap", [ENOMEM, EIO]),
    ]
    /// How many calls of a name each command makes: found as they go.
    var most: [String: Int] = [:]
    var dice = Attack.Dice(Attack.seed)
    var number = 0
    while report.goesOn {
      let (call, codes) = calls[number % calls.count]
      number += 1
      let command = dice.pick(["import", "import", "check", "status", "repair"])
      let key = call + command
      let place = 1 + dice.next(most[key] ?? 60)
      let corpus = try field.copy()
      _ = unlink(told)
      let words =
        switch command {
        case "import": ["import", corpus, field.photograph]
        case "repair": ["check", corpus, "--repair"]
        default: [command, corpus]
        }
      let code = dice.pick(codes)
      let run = try Attack.run(
        words,
        environment: [
          "LD_PRELOAD=" + library, "ATTACK_CALL=" + call, "ATTACK_NUMBER=\(place)", "ATTACK_ERRNO=\(code)",
          "ATTACK_TOLD=" + told,
        ])
      let what = "\(call) \(place) of \(command), error \(code)"
      guard Files.exists(told) else {
        most[key] = max(8, min(most[key] ?? 60, place))
        continue
      }
      report.count(call)
      if let fall = run.fall { report.fell(call, "\(what): \(fall) \(run.errors.suffix(300))") }
      try expectSound(corpus, run, command, what, report, call)
    }
    report.tell()
    #expect(report.fallen == 0)
  }

  private func expectSound(
    _ corpus: String, _ run: Attack.Run, _ command: String, _ what: String, _ report: Attack.Report, _ call: String
  ) throws {
    let store = try CorpusStore.open(at: corpus)
    var findings = try store.check()
    if findings.contains(where: \.isDamage) { report.fell(call, "\(what): \(findings)") }
    if !findings.isEmpty {
      _ = try store.check(repair: true)
      findings = try CorpusStore.open(at: corpus).check()
      if !findings.isEmpty { report.fell(call, "\(what): after a repair: \(findings)") }
    }
    if try store.corrections(of: "f1").count != 2 { report.fell(call, "\(what): decisions were lost") }
    let isThere = store.fragmentIDs.contains("photograph")
    if command == "import", run.output.contains("photograph\t"), !isThere {
      report.fell(call, "\(what): said to be added, and is not there")
    }
  }
}
