import Corpus
import Foundation
import Raster
import Testing

@testable import grapheion

/// A corpus of two fragments, the first read already: what the workbench is opened on here.
private func makeCorpus(_ scratch: Scratch) throws -> String {
  let path = scratch.path + "/corpus"
  let store = try CorpusStore.create(at: path, name: "Sample")
  for (id, title) in [("frag-1", "Receipt for \u{1B}]0;evil\u{7}wheat"), ("frag-2", "Letter of Ammonios")] {
    try FileManager.default.createDirectory(atPath: try store.folder(of: id), withIntermediateDirectories: true)
    var bitmap = Bitmap(width: 300, height: 200, channels: 1, filledWith: 220)
    for line in 0..<3 {
      for x in 20..<280 where x / 8 % 2 == 0 {
        for y in 0..<12 { bitmap.pixels[(40 + line * 60 + y) * 300 + x] = 40 }
      }
    }
    try PNG.write(bitmap, to: try store.folder(of: id) + "/recto.png")
    try store.add(
      Fragment(
        id: id, title: title, date: DateRange(notBefore: -113, notAfter: -113), place: "Tebtynis",
        photographs: [Photograph(file: "recto.png", width: 300, height: 200)]))
  }
  let lines = ["ετουσ τριτου", "τυβι και", "ομολογει"].enumerated().map { index, text in
    let y = 52.0 + 60 * Double(index)
    let region = LineRegion(
      id: "0-\(index)", photograph: 0, column: 0, baseline: [Point(x: 20, y: y), Point(x: 280, y: y)],
      polygon: Polygon([
        Point(x: 16, y: y - 20), Point(x: 284, y: y - 20), Point(x: 284, y: y + 8), Point(x: 16, y: y + 8),
      ]))
    return LineReading(
      region: region,
      candidates: [
        Candidate(text: text.uppercased(), leiden: text, probability: 0.8, letters: []),
        Candidate(text: "ΑΛΛΟ", leiden: "αλλο", probability: 0.1, letters: []),
      ])
  }
  try store.record(FragmentReading(fragment: "frag-1", model: "test@1", settings: "", seconds: 1, lines: lines))
  return path
}

@Suite(.serialized) struct WorkbenchTerminalTests {
  @Test(arguments: ["xterm", "xterm-256color", "screen-256color", "tmux-256color", "linux", "vt100"])
  func everyTerminalShowsTheSameText(_ term: String) throws {
    let scratch = try Scratch()
    let terminal = try PseudoTerminal([try makeCorpus(scratch)], term: term)
    try terminal.wait(for: "? keys")
    #expect(terminal.emulator.rows[0].contains("Sample  2 fragments"))
    #expect(terminal.emulator.rows[2].hasPrefix("›frag-1"))
    #expect(terminal.emulator.text.contains("Receipt for �]0;evil"))
    terminal.type("\r")
    try terminal.wait(for: "1  80% ετουσ τριτου")
    terminal.type("1")
    try terminal.wait(for: "Saved: line 1, candidate 1.")
    terminal.type("eq")
    try terminal.wait(for: "τυβι καιθ")
    terminal.type("\u{1B}")
    try terminal.wait(for: "not decided")
    terminal.type("qq")
    #expect(try terminal.waitForEnd() == 0)
    #expect(terminal.isRestored)
    #expect(terminal.emulator.unknown.isEmpty)
  }

  /// In plain lines nothing is sent but letters and line ends, whatever the terminal; one that cannot place a cursor will do.
  @Test(arguments: ["dumb", "vt100", "xterm-256color"]) func plainLinesAreOnlyLetters(_ term: String) throws {
    let scratch = try Scratch()
    let terminal = try PseudoTerminal(["--linear", try makeCorpus(scratch)], term: term)
    try terminal.wait(for: "1 of 2: frag-1, Receipt for ]0;evil")
    terminal.type("\r")
    try terminal.wait(for: "1: 80%, ετουσ τριτου")
    terminal.type("1")
    try terminal.wait(for: "Saved: line 1, candidate 1.")
    terminal.type("eq")
    try terminal.wait(for: "Text: τυβι καιθ")
    terminal.type("\u{1B}")
    try terminal.wait(for: "Draft kept")
    terminal.type("qq")
    #expect(try terminal.waitForEnd() == 0)
    #expect(terminal.isRestored)
    let controls = Set(terminal.sent.filter { $0 < 0x20 || $0 == 0x7F })
    #expect(controls == [0x0D, 0x0A])
  }

  /// The environment of a container may say next to nothing. The known texts, whose place it would tell, are missed when they are asked.
  @Test func itOpensWithoutAHome() throws {
    let scratch = try Scratch()
    let terminal = try PseudoTerminal(
      [try makeCorpus(scratch)], environment: ["HOME": "", "XDG_DATA_HOME": "", "GRAPHEION_TEXTS": ""])
    try terminal.wait(for: "? keys")
    terminal.type("\r")
    try terminal.wait(for: "ετουσ τριτου")
    terminal.type("E[.3]")
    terminal.type("\u{1B}r")
    try terminal.wait(for: "GRAPHEION_TEXTS.")
    terminal.type("\u{1B}")
    try terminal.wait(for: "Enter save")
    terminal.type("\u{1B}")
    try terminal.wait(for: "Draft kept")
    terminal.type("qq")
    #expect(try terminal.waitForEnd() == 0)
  }

  /// A language model of the scholar's own proposes for gaps; what is taken says so in the journal.
  @Test func aLanguageModelProposesForGaps() throws {
    let scratch = try Scratch()
    let corpus = try makeCorpus(scratch)
    let model = scratch.path + "/random.gguf"
    try RandomDecoder.tiny[0].write(to: model)
    let none = ["GRAPHEION_TEXTS": scratch.path + "/nothing"]
    var terminal = try PseudoTerminal(["--filling", scratch.path + "/missing.gguf", corpus], environment: none)
    try terminal.wait(for: "? keys")
    terminal.type("\r")
    try terminal.wait(for: "ετουσ τριτου")
    terminal.type("E[.3]\u{1B}r")
    try terminal.wait(for: "file or folder")
    terminal = try PseudoTerminal(["--filling", model, corpus], environment: none)
    try terminal.wait(for: "? keys")
    terminal.type("\r")
    try terminal.wait(for: "ετουσ τριτου")
    terminal.type("E[.3]\u{1B}r")
    try terminal.wait(for: " 8 ")
    #expect(terminal.emulator.text.contains("What may have stood in the gap of 3"))
    terminal.type("\r")
    try terminal.wait(for: "Enter save")
    terminal.type("\r")
    try terminal.wait(for: "Saved: line 1, edited.")
    terminal.type("qq")
    #expect(try terminal.waitForEnd() == 0)
    let decision = try #require(try CorpusStore.open(at: corpus).corrections(of: "frag-1").last)
    let restored = try #require(decision.restored.first)
    #expect(decision.after == "[\(restored.text)]" && restored.text.count == 3 && !restored.source.isEmpty)
  }

  /// The tour is on a copy: what is done there is nowhere when it was left.
  @Test func theTourLeavesNothing() throws {
    let scratch = try Scratch()
    let terminal = try PseudoTerminal(["tour"], environment: ["TMPDIR": scratch.path, "XDG_STATE_HOME": scratch.path])
    try terminal.wait(for: "Tour 1/")
    terminal.type("\r")
    try terminal.wait(for: "Tour 2/")
    terminal.type("qq")
    #expect(try terminal.waitForEnd() == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
  }

  @Test func directColourReachesOnlyTerminalsThatAskForIt() throws {
    let scratch = try Scratch()
    let path = try makeCorpus(scratch)
    for (colourTerm, noColour, expected) in [("truecolor", "", true), ("", "", false), ("truecolor", "1", false)] {
      let terminal = try PseudoTerminal([path], environment: ["COLORTERM": colourTerm, "NO_COLOR": noColour])
      try terminal.wait(for: "? keys")
      terminal.type("\r")
      try terminal.wait(for: "3 ? ομολογει")
      // The picture's cells: the words before it may go by unseen.
      try terminal.wait(for: noColour.isEmpty ? "▌" : "⣿")
      terminal.type("qq")
      #expect(try terminal.waitForEnd() == 0)
      let text = String(decoding: terminal.sent, as: UTF8.self)
      #expect(text.contains("[48;2;") == expected)
      if !noColour.isEmpty { #expect(!text.contains("[38;5;") && !text.contains("[31m")) }
    }
  }

  @Test(arguments: [SIGHUP, SIGTERM, SIGINT])
  func aSignalKeepsDecisionsAndRestoresTheTerminal(_ number: Int32) throws {
    let scratch = try Scratch()
    let path = try makeCorpus(scratch)
    let terminal = try PseudoTerminal([path])
    try decideTwiceAndType(terminal)
    terminal.signal(number)
    let status = try terminal.waitForEnd()
    #expect(status == 128 + number || status == 130)
    #expect(terminal.isRestored)
    try expectTwoDecisions(path)
  }

  /// Signals that nobody here has a use for end the program, as they would any other; the terminal is given back before.
  @Test(arguments: [SIGQUIT, SIGXCPU, SIGUSR1, SIGUSR2, SIGALRM, SIGABRT, SIGSEGV, SIGBUS, SIGIO])
  func aSignalThatEndsItGivesTheTerminalBack(_ number: Int32) throws {
    let scratch = try Scratch()
    let path = try makeCorpus(scratch)
    let terminal = try PseudoTerminal([path])
    try decideTwiceAndType(terminal)
    terminal.signal(number)
    #expect(try terminal.waitForEnd() == -number)
    #expect(terminal.isRestored)
    try expectTwoDecisions(path)
  }

  /// Stopped by what cannot be caught, the terminal set otherwise by a shell, continued: the screen and the settings come back.
  @Test func stoppedAndContinuedItTakesTheTerminalAgain() throws {
    let scratch = try Scratch()
    let terminal = try PseudoTerminal([try makeCorpus(scratch)])
    try terminal.wait(for: "? keys")
    #expect(terminal.isRaw)
    terminal.signal(SIGSTOP)
    terminal.makeSane()
    #expect(!terminal.isRaw)
    terminal.resize(width: 80, height: 24)
    terminal.signal(SIGCONT)
    try terminal.wait(for: "›frag-1")
    #expect(terminal.isRaw)
    terminal.type("j")
    try terminal.wait(for: "›frag-2")
    terminal.type("q")
    #expect(try terminal.waitForEnd() == 0)
    #expect(terminal.isRestored)
  }

  /// A lone Esc is a key after a while, also where workers wake the wait all the time: reading a fragment goes on meanwhile.
  @Test func aLoneEscapeIsDeliveredWhileWorkersTalk() throws {
    let scratch = try Scratch()
    let path = try makeCorpus(scratch)
    let terminal = try PseudoTerminal([path])
    try terminal.wait(for: "? keys")
    terminal.type("j\r")
    try terminal.wait(for: "frag-2")
    for _ in 0..<5 {
      terminal.type("r")
      terminal.listen(seconds: 0.02)
    }
    terminal.type("\u{1B}")
    try terminal.wait(for: "2 fragments")
    terminal.type("q")
    #expect(try terminal.waitForEnd() == 0)
  }

  /// A photograph without a line is read once: a reading of no lines is a reading.
  @Test func aBlankBackIsReadOnce() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/corpus"
    let store = try CorpusStore.create(at: path, name: "Sample")
    try PNG.write(Bitmap(width: 300, height: 200, channels: 1, filledWith: 220), to: scratch.path + "/back.png")
    try store.importPhotographs([scratch.path + "/back.png"], scholar: "t", sidecar: { _, _ in nil }, tell: { _ in })
    let terminal = try PseudoTerminal([path])
    try terminal.wait(for: "back")
    terminal.type("\r")
    let end = Date().addingTimeInterval(20)
    while try store.readingSummary(of: "back") == nil, Date() < end {
      terminal.listen(seconds: 0.1)
      try store.refresh()
    }
    // Time for another, which must not come.
    terminal.listen(seconds: 1)
    terminal.type("\u{1B}")
    try terminal.wait(for: "1 fragment")
    terminal.type("q")
    #expect(try terminal.waitForEnd() == 0)
    let runs = try FileManager.default.subpathsOfDirectory(atPath: path + "/readings").filter { $0.hasSuffix("jsonl") }
    let records = try runs.map { try Data(contentsOf: URL(fileURLWithPath: path + "/readings/" + $0)) }.joined()
    #expect(records.count { $0 == 0x0A } == 1)
  }

  @Test func killedWithoutAWordLosesNoDecision() throws {
    let scratch = try Scratch()
    let path = try makeCorpus(scratch)
    let terminal = try PseudoTerminal([path])
    try decideTwiceAndType(terminal)
    terminal.signal(SIGKILL)
    #expect(try terminal.waitForEnd() == -SIGKILL)
    try expectTwoDecisions(path)
    // And it opens again where one left off.
    let again = try PseudoTerminal([path])
    try again.wait(for: "2/3")
    again.type("\r")
    try again.wait(for: "line 3 of 3")
    #expect(again.emulator.text.contains("✓ ετουσ τριτου") && again.emulator.text.contains("✗ rejected"))
  }

  private func decideTwiceAndType(_ terminal: PseudoTerminal) throws {
    try terminal.wait(for: "? keys")
    terminal.type("\r")
    try terminal.wait(for: "1  80% ετουσ τριτου")
    terminal.type("1")
    try terminal.wait(for: "Saved: line 1")
    terminal.type("x")
    try terminal.wait(for: "Saved: line 2")
    terminal.type("Ekai\\")
    try terminal.wait(for: "καὶ")
  }

  private func expectTwoDecisions(_ path: String) throws {
    let decisions = try CorpusStore.open(at: path).corrections(of: "frag-1")
    #expect(decisions.map(\.action) == [.took(0), .rejected])
    #expect(decisions.map(\.after) == ["ετουσ τριτου", nil])
    #expect(decisions.allSatisfy { $0.scholar == "tester" && $0.model == "test@1" && $0.offered.count == 2 })
  }

  @Test func resizesLiveDownToNothing() throws {
    let scratch = try Scratch()
    let terminal = try PseudoTerminal([try makeCorpus(scratch)], width: 20, height: 5)
    try terminal.wait(for: "need 30x8")
    terminal.resize(width: 100, height: 30)
    try terminal.wait(for: "Letter of Ammonios")
    terminal.type("\r")
    try terminal.wait(for: "line 1 of 3")
    for (width, height) in [(40, 10), (3, 2), (250, 80), (80, 24)] {
      terminal.resize(width: width, height: height)
      if width >= 30 { try terminal.wait(for: "line 1 of 3") }
    }
    terminal.type("qq")
    #expect(try terminal.waitForEnd() == 0)
    #expect(terminal.isRestored)
  }

  @Test func suspendsAndComesBack() throws {
    let scratch = try Scratch()
    let terminal = try PseudoTerminal([try makeCorpus(scratch)])
    try terminal.wait(for: "? keys")
    terminal.type("\u{1A}")
    // A session's leader without a shell above it is not stopped by SIGTSTP (its group is orphaned): the screen comes back at once.
    terminal.type("j")
    try terminal.wait(for: "›frag-2")
    terminal.type("q")
    #expect(try terminal.waitForEnd() == 0)
    #expect(terminal.isRestored)
  }

  @Test func aReadOnlyCorpusSaysSoAndKeepsTheText() throws {
    // Root may write everywhere; the test would prove nothing.
    guard getuid() != 0 else { return }
    let scratch = try Scratch()
    let path = try makeCorpus(scratch)
    for folder in ["journal", "readings", "cache", ""] { chmod(path + "/" + folder, 0o555) }
    defer { for folder in ["", "journal", "readings", "cache"] { chmod(path + "/" + folder, 0o755) } }
    let terminal = try PseudoTerminal([path])
    try terminal.wait(for: "read-only")
    terminal.type("\r")
    try terminal.wait(for: "line 1 of 3")
    terminal.type("Ekai\r")
    try terminal.wait(for: "NOT SAVED")
    #expect(terminal.emulator.text.contains("και"))
  }

  @Test func refusesWhatIsNoTerminal() throws {
    let scratch = try Scratch()
    let path = try makeCorpus(scratch)
    let outcome = try BuiltProgram.run(path, environment: ["TERM": "xterm"])
    #expect(outcome.status == 2 && outcome.error.contains("standard input is no terminal"))
    #expect(outcome.output.isEmpty)
    for (term, words) in [("no-such-terminal", "is not known"), ("dumb", "cannot place its cursor"), ("", "TERM")] {
      let terminal = try PseudoTerminal([path], term: term)
      #expect(try terminal.waitForEnd() == 2)
      #expect(String(decoding: terminal.sent, as: UTF8.self).contains(words))
      #expect(!String(decoding: terminal.sent, as: UTF8.self).contains("\u{1B}"))
      #expect(terminal.isRestored)
    }
  }
}
