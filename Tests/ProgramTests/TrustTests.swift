import Corpus
import Foundation
import Platform
import Raster
import Testing

/// What the built program promises in small: names that are no UTF-8, words that others moved, texts that command a terminal, losses somebody lives with.
@Suite(.serialized) struct TrustTests {
  /// A library that is loaded before the program may move the environment, beside which the language looks for the words of the command line.
  @Test(.enabled(if: HeldPhotograph.compiler != nil, "no C compiler on PATH"))
  func wordsArriveWhereALibraryMovedTheEnvironment() throws {
    let scratch = try Scratch()
    let source = scratch.path + "/moves.c"
    let library = scratch.path + "/moves.so"
    let text = """
      #include <stdlib.h>
      __attribute__((constructor)) static void begin(void) { setenv("MOVED", "1", 1); }
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: source))
    let built = try ChildProcess.run(
      try #require(HeldPhotograph.compiler), ["-shared", "-fPIC", "-o", library, source])
    try #require(built.status == 0)
    let outcome = try BuiltProgram.run("help", "search", environment: ["LD_PRELOAD": library])
    #expect(outcome.status == 0 && outcome.output.contains("usage: grapheion search"))
  }

  /// Bytes of names in an old encoding: as the corpus, as a folder to import, in a folder, as a target.
  @Test func namesThatAreNotUTF8AreOpened() throws {
    let scratch = try Scratch()
    func shell(_ script: String) throws -> (status: Int32, output: String, errors: String) {
      let outcome = try ChildProcess.run(
        "/usr/bin/env", ["GRAPHEION_HOME=" + BuiltProgram.root, "sh", "-c", script, "sh", BuiltProgram.path])
      return (
        outcome.status, String(decoding: outcome.output, as: UTF8.self), String(decoding: outcome.errors, as: UTF8.self)
      )
    }
    try PNG.write(Bitmap(width: 40, height: 30, filledWith: 200), to: scratch.path + "/a.png")
    try PNG.write(Bitmap(width: 41, height: 30, filledWith: 200), to: scratch.path + "/b.png")
    // ISO 8859-7: πάπυρος; and a name of UTF-8 that holds a scalar which stands for a byte.
    let word = #"$(printf '\360\334\360\365\361\357\362')"#
    let marked = #"$(printf 'x\364\217\237\241y')"#
    let made = try shell(
      """
      set -e; cd '\(scratch.path)'; mkdir \(word) in \(word)/in; mv a.png in/\(word).png; mv b.png \(word)/in/\(marked).png
      "$1" new \(word)/c; "$1" import \(word)/c in \(word)/in; "$1" check \(word)/c; "$1" status \(word)/c --json
      "$1" transcribe \(word)/c --fast --workers 1; "$1" export \(word)/c --format page --to \(word)/out
      test -f \(word)/c/corpus.json; test -d \(word)/out; ls \(word)/c/fragments
      """)
    #expect(made.status == 0, "\(made)")
    #expect(made.output.contains(#""fragments":2"#), "\(made)")
    // A single letter of the name as it was is nothing a terminal should see.
    #expect(!Array(made.output.utf8).contains(0xF0) && made.output.contains("\u{FFFD}"))
  }

  /// Ids of regions come from readings, and readings from files.
  @Test func whatSearchPrintsCommandsNoTerminal() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/c"
    let store = try CorpusStore.create(at: path, name: "c")
    try PNG.write(Bitmap(width: 300, height: 200, filledWith: 200), to: scratch.path + "/f.png")
    try store.importPhotographs([scratch.path + "/f.png"], scholar: "t", sidecar: { _, _ in nil }, tell: { _ in })
    let hostile = "\u{1B}]52;c;cHduZWQ=\u{7}\u{1B}[2J\u{9B}31m\u{202E}\u{61C}\u{E0041}"
    let region = LineRegion(
      id: "r" + hostile, photograph: 0, column: 0, baseline: [Point(x: 1, y: 40), Point(x: 290, y: 40)],
      polygon: Polygon([Point(x: 1, y: 20), Point(x: 290, y: 20), Point(x: 290, y: 44), Point(x: 1, y: 44)]))
    let candidate = Candidate(text: "ΚΑΙ" + hostile, leiden: "και" + hostile, probability: 0.5, letters: [])
    try store.record(
      FragmentReading(
        fragment: "f", model: "m@1", settings: "", seconds: 1,
        lines: [
          LineReading(region: region, candidates: [candidate])
        ]))
    for words in [["search", path, "και"], ["search", path, "και", "--json"], ["search", path, "/κα./"]] {
      let outcome = try BuiltProgram.run(words)
      #expect(outcome.status == 0 && outcome.output.contains("f"))
      for scalar in (outcome.output + outcome.error).unicodeScalars {
        let isPlain = scalar == "\n" || scalar == "\t" || !(scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value))
        #expect(isPlain && !["\u{202E}", "\u{61C}", "\u{E0041}"].contains(scalar), "\(words) prints \(scalar.value)")
      }
    }
  }

  /// What is lost and in no backup does not fail for ever, once a scholar has said so; a further loss does.
  @Test func aLossThatIsAcceptedIsNoErrorAnyMore() throws {
    let field = try AttackField()
    let corpus = try field.copy()
    let name = try field.files[5]
    let bytes = try Files.read(corpus + "/" + name)
    let first = try #require(bytes.firstIndex(of: 0x0A)) + 1
    try Data(bytes[..<first]).write(to: URL(fileURLWithPath: corpus + "/" + name))
    let damaged = try BuiltProgram.run("check", corpus)
    #expect(damaged.status == 4 && damaged.output.contains("lost"))
    let accepted = try BuiltProgram.run("check", corpus, "--accept", environment: ["GRAPHEION_SCHOLAR": "anna"])
    #expect(accepted.status == 0, "\(accepted)")
    let again = try BuiltProgram.run("check", corpus)
    #expect(again.status == 0 && again.output.contains("accepted by anna on "), "\(again)")
    #expect(again.error.contains("all sound"))
    try Files.remove(corpus + "/" + name)
    #expect(try BuiltProgram.run("check", corpus).status == 4)
    // The list itself, damaged, is told and accepts nothing.
    try Data("[{]".utf8).write(to: URL(fileURLWithPath: corpus + "/accepted.json"))
    let without = try BuiltProgram.run("check", corpus)
    #expect(without.status == 4 && without.output.contains("accepted.json"))
  }

  /// What file managers and interrupted copies leave among the fragments keeps nobody from the others.
  @Test func whatIsNoFragmentAmongThemIsPassedOver() throws {
    let field = try AttackField()
    for withIndex in [true, false] {
      let corpus = try field.copy()
      try Files.makeFolder(corpus + "/fragments/empty")
      try Data([1, 2, 3]).write(to: URL(fileURLWithPath: corpus + "/fragments/Thumbs.db"))
      try Data([1, 2, 3]).write(to: URL(fileURLWithPath: corpus + "/fragments/.DS_Store"))
      if !withIndex { try Files.remove(corpus + "/cache/index") }
      let status = try BuiltProgram.run("status", corpus, "--json")
      #expect(status.status == 0 && status.output.contains(#""fragments":1"#), "\(status)")
      #expect(try BuiltProgram.run("search", corpus, "και").output.contains("f1"))
      let read = try BuiltProgram.run("transcribe", corpus, "--fast", "--workers", "1")
      #expect(read.status == 0, "\(read)")
      let out = field.scratch.path + "/out-\(withIndex)"
      #expect(try BuiltProgram.run("export", corpus, "--format", "jsonl", "--to", out).status == 0)
      let check = try BuiltProgram.run("check", corpus)
      #expect(check.status == 0 && check.output.contains("Thumbs.db") && check.output.contains("empty"), "\(check)")
    }
  }

  /// A PNG of a few bytes may say that it is of a size that no machine has.
  @Test func aHeaderThatLiesTakesNoMemory() throws {
    let scratch = try Scratch()
    let corpus = scratch.path + "/c"
    let store = try CorpusStore.create(at: corpus, name: "c")
    let bitmap = Bitmap(width: 40, height: 30, filledWith: 200)
    try PNG.write(bitmap, to: scratch.path + "/f.png")
    try store.importPhotographs([scratch.path + "/f.png"], scholar: "t", sidecar: { _, _ in nil }, tell: { _ in })
    for (width, height) in [(1_048_576, 2_147_483_647), (1, 2_147_483_647), (1_048_576, 1_000_000)] {
      var bytes = try Files.read(scratch.path + "/f.png")
      for (place, number) in [(16, width), (20, height)] {
        for offset in 0..<4 { bytes[place + offset] = UInt8(truncatingIfNeeded: number >> (24 - 8 * offset)) }
      }
      bytes = AttackMutation.png(bytes)
      try Data(bytes).write(to: URL(fileURLWithPath: corpus + "/fragments/f/f.png"))
      let record = corpus + "/fragments/f/fragment.json"
      var text = String(decoding: try Files.read(record), as: UTF8.self)
      text = text.replacing(/"width": \d+/, with: "\"width\": \(width)").replacing(
        /"height": \d+/, with: "\"height\": \(height)")
      try Data(text.utf8).write(to: URL(fileURLWithPath: record))
      let terminal = try PseudoTerminal([corpus])
      try terminal.wait(for: "? keys")
      terminal.type("\r")
      terminal.listen(seconds: 0.5)
      for key in ["+", "+", "-", "f", "w", "z", "/", "\u{1B}"] {
        terminal.type(key)
        terminal.listen(seconds: 0.1)
      }
      #expect(terminal.isAlive && terminal.peakMemory < 512 << 20, "\(terminal.peakMemory)")
      terminal.type("\u{3}")
      #expect(try terminal.waitForEnd() == 0)
    }
  }

  /// Asking for a line's reading again where its photograph is gone, or was never there.
  @Test func askingAboutALineWithoutAPhotographIsAnswered() throws {
    let field = try AttackField()
    let corpus = try field.copy()
    for place in ["readings", "journal"] { try FileManager.default.removeItem(atPath: corpus + "/" + place) }
    try Files.remove(corpus + "/cache/index")
    let lines =
      #"[{"id":"0-0","photograph":5,"column":0,"baseline":[[10,50],[280,50]],"polygon":[[10,20],[280,20],[280,60],[10,60]]}]"#
    try Data(lines.utf8).write(to: URL(fileURLWithPath: corpus + "/fragments/f1/lines.json"))
    let terminal = try PseudoTerminal([corpus])
    try terminal.wait(for: "? keys")
    terminal.type("\r")
    terminal.listen(seconds: 0.5)
    terminal.type("/")
    terminal.listen(seconds: 0.1)
    terminal.type("α.*\r")
    terminal.listen(seconds: 1)
    #expect(terminal.isAlive)
    terminal.type("\u{3}")
    #expect(try terminal.waitForEnd() == 0)
  }
}
