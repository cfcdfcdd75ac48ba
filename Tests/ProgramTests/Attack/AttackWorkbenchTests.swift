import Corpus
import Foundation
import Platform
import Raster
import Testing

/// The workbench under attack, through a terminal: changed files under a scholar's hands, calls that fail, machines whose clocks differ.
@Suite(.serialized) struct AttackWorkbenchTests {
  private static let keys = [
    "\r", "j", "k", "]", "[", "1", "x", "ekai\r", "E\u{1B}", "\u{1B}", "+", "-", "H", "L", "f", "place:T\r", "/",
    "και\r",
    "α.*\r", "n", "p", "z", "w", "?", "q", "r", "R", "\u{C}", "7", "s", ":f1\r", "\\", "u", "a", "v",
  ]

  @Test func changedFilesUnderAScholarsHands() throws {
    let field = try AttackField()
    let report = Attack.Report("workbench", share: 0.1)
    var dice = Attack.Dice(Attack.seed)
    let tiles = "cache/tiles/f1-0.tiles"
    try Files.makeFolder(field.corpus + "/cache/tiles")
    _ = try TilePyramid.open(
      photograph: field.corpus + "/fragments/f1/recto.png", cache: field.corpus + "/" + tiles)
    let files = try field.files
    let kinds: [(name: String, file: String, mend: ([UInt8]) -> [UInt8])] = [
      ("tiles", tiles, AttackMutation.tiles), ("photograph", files[3], AttackMutation.png),
      ("lines.json", files[2], { $0 }), ("index", files[4], AttackMutation.index),
      ("journal", files[5], AttackMutation.records), ("readings", files[6], AttackMutation.records),
      ("fragment.json", files[1], { $0 }), ("tiles", tiles, AttackMutation.tiles),
    ]
    var number = 0
    repeat {
      let kind = kinds[number % kinds.count]
      number += 1
      let corpus = try field.copy()
      let file = corpus + "/" + kind.file
      let changed = AttackMutation.mutated(try Files.read(file), &dice)
      let input = dice.next(4) == 0 ? changed : kind.mend(changed)
      try Data(input).write(to: URL(fileURLWithPath: file))
      report.count(kind.name)
      let session = try AttackSession(corpus)
      // What cannot be opened is refused in words.
      try? session.terminal.wait(for: "? keys", seconds: session.terminal.isAlive ? 5 : 0)
      var typed: [String] = ["\r"]
      for _ in 0..<8 { typed.append(dice.pick(Self.keys)) }
      for key in typed where session.terminal.isAlive {
        session.terminal.type(key)
        session.terminal.listen(seconds: Attack.isSanitized ? 0.2 : 0.06)
      }
      guard let fall = session.leave() else { continue }
      let kept = field.scratch.path + "/fallen"
      try Data(input).write(to: URL(fileURLWithPath: kept))
      report.fell(kind.name, "keys \(typed): \(fall)", keeping: kept)
    } while report.goesOn
    report.tell()
    #expect(report.fallen == 0)
  }

  /// Each call of a session fails, or the session is killed there. What the screen said is saved is in the corpus, and the terminal is as it was.
  @Test(
    .enabled(
      if: HeldPhotograph.compiler != nil && !Attack.isSanitized,
      "no C compiler on PATH, or a sanitized program: faults are not injected"))
  func everyCallFailsInTurnUnderAScholarsHands() throws {
    let field = try AttackField()
    let report = Attack.Report("workbench faults", share: 0.1)
    var dice = Attack.Dice(Attack.seed)
    let library = try #require(HeldPhotograph.environment["LD_PRELOAD"])
    let told = field.scratch.path + "/told"
    let calls = Attack.Fault.all
    var most: [String: Int] = [:]
    var number = 0
    repeat {
      let fault = calls[number % calls.count]
      number += 1
      let code = dice.pick(fault.errors)
      let place = 1 + dice.next(most[fault.call] ?? fault.firstGuess)
      let corpus = try field.copy()
      _ = unlink(told)
      var session = try AttackSession(
        corpus,
        environment: [
          "LD_PRELOAD": library, "ATTACK_CALL": fault.call, "ATTACK_NUMBER": "\(place)", "ATTACK_ERRNO": "\(code)",
          "ATTACK_TOLD": told,
        ])
      // What does not come on the screen was not acknowledged.
      do {
        try session.openFirst()
        for decision in 0..<2 { try session.decide(10 * number + decision) }
      } catch is PseudoTerminal.Failed {}
      let fall = session.leave(mayDie: fault.call == "malloc", mayBeKilled: code == 0)
      guard Files.exists(told) else {
        most[fault.call] = max(8, min(most[fault.call] ?? fault.firstGuess, place))
        if let fall { report.fell("sound", "\(fall)") }
        continue
      }
      let kind = code == 0 ? "kill" : fault.call
      report.count(kind)
      let what = "\(fault.call) \(place), error \(code)"
      if let fall { report.fell(kind, "\(what): \(fall)") }
      let store = try CorpusStore.open(at: corpus)
      let there = try store.corrections(of: "f1").compactMap(\.after)
      if there.filter(Set(session.saved).contains) != session.saved {
        report.fell(kind, "\(what): said to be saved \(session.saved), there are \(there)")
      }
      let findings = try store.check()
      if findings.contains(where: \.isDamage) { report.fell(kind, "\(what): \(findings)") }
    } while report.goesOn
    report.tell()
    #expect(report.fallen == 0)
  }

  /// Two machines whose clocks differ, side by side: what is decided last counts, and nobody's decision is lost.
  @Test(
    .enabled(
      if: HeldPhotograph.compiler != nil && !Attack.isSanitized,
      "no C compiler on PATH, or a sanitized program: clocks are not set"))
  func twoMachinesWhoseClocksDiffer() throws {
    let field = try AttackField()
    let report = Attack.Report("clocks", share: 0.05)
    let library = try #require(HeldPhotograph.environment["LD_PRELOAD"])
    let (hour, day, year) = (3600, 86_400, 31_536_000)
    var number = 0
    for (first, second) in [
      (2 * hour, -2 * hour), (-30 * day, 0), (0, 300 * day), (10 * year, -10 * year), (-60 * year, 0),
      (-50 * year, 90 * year),
    ] {
      let corpus = try field.copy()
      func session(_ ahead: Int) throws -> AttackSession {
        try AttackSession(corpus, environment: ["LD_PRELOAD": library, "ATTACK_CLOCK": "\(ahead)"])
      }
      var (one, other) = (try session(first), try session(second))
      try one.openFirst()
      try other.openFirst()
      let isWithin = abs(first - second) < 360 * day
      for turn in 0..<2 {
        number += 1
        report.count(isWithin ? "within a year" : "further apart")
        do {
          if turn == 0 { try one.decide(number) } else { try other.decide(number) }
          // What the one wrote the other has seen, before it writes itself.
          try (turn == 0 ? other : one).terminal.wait(for: AttackSession.word(number).text, seconds: 30)
        } catch {
          // Nobody follows a clock that is years ahead; that is told instead.
          if isWithin { report.fell("clocks", "\(first), \(second): \(error)") }
        }
      }
      for session in [one, other] {
        if let fall = session.leave() { report.fell("clocks", "\(first), \(second): \(fall)") }
      }
      let store = try CorpusStore.open(at: corpus)
      let all = one.saved + other.saved
      let there = try store.corrections(of: "f1").compactMap(\.after)
      if !Set(all).isSubset(of: there) { report.fell("clocks", "\(first), \(second): lost of \(all): \(there)") }
      if isWithin, try store.lines(of: "f1").first?.text != all.last {
        report.fell("clocks", "\(first), \(second): \(all) gave \(try store.lines(of: "f1").map(\.text))")
      }
      let findings = try store.check().filter { !$0.isNotice }
      if !findings.isEmpty { report.fell("clocks", "\(first), \(second): \(findings)") }
      guard report.goesOn else { break }
    }
    report.tell()
    #expect(report.fallen == 0)
  }
}
