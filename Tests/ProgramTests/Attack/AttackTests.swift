import Corpus
import Foundation
import Platform
import Testing

@testable import Raster

/// The program under attack: files changed by chance, calls to the system that fail, closed descriptors, pipes and links in the place of files, and
/// everything at once. It may refuse, and must say so; it may not crash, hang, take the machine's memory, or lose or invent anything.
@Suite(.serialized) struct AttackTests {
  // MARK: Changed files

  private struct Kind {
    var name: String
    var seeds: [[UInt8]]
    var mend: ([UInt8]) -> [UInt8] = { $0 }
    /// Lays the input where the program finds it, and says with which words it is called then.
    var calls: (_ input: [UInt8], _ dice: inout Attack.Dice) throws -> [[String]]
  }

  @Test func changedFilesAreReadOrRefused() throws {
    let field = try AttackField()
    let report = Attack.Report("changed files")
    var dice = Attack.Dice(Attack.seed)
    let kinds = try self.kinds(field)
    var number = 0
    while report.goesOn {
      let kind = kinds[number % kinds.count]
      number += 1
      let seed = dice.pick(kind.seeds)
      let changed = AttackMutation.mutated(seed, &dice)
      let input = dice.next(4) == 0 ? changed : kind.mend(changed)
      for words in try kind.calls(input, &dice) {
        report.count(kind.name)
        guard let fall = try Attack.run(words).fall else { continue }
        let kept = field.scratch.path + "/fallen"
        try Data(input).write(to: URL(fileURLWithPath: kept))
        report.fell(kind.name, "\(words.joined(separator: " ")): \(fall)", keeping: kept)
      }
    }
    report.tell()
    #expect(report.fallen == 0)
  }

  private func kinds(_ field: AttackField) throws -> [Kind] {
    func bytes(_ path: String) throws -> [UInt8] { try Files.read(path) }
    let files = try field.files
    /// Laid into a copy of the corpus.
    func inCorpus(_ name: String, _ file: String, _ mend: @escaping ([UInt8]) -> [UInt8] = { $0 }) throws -> Kind {
      Kind(name: name, seeds: [try bytes(field.corpus + "/" + file)], mend: mend) { input, dice in
        let corpus = try field.copy()
        try Data(input).write(to: URL(fileURLWithPath: corpus + "/" + file))
        return [
          dice.pick([
            ["status", corpus], ["check", corpus], ["search", corpus, "και"], ["check", corpus, "--repair"],
            ["export", corpus, "--format", "jsonl", "--to", field.scratch.path + "/out"],
            ["export", corpus, "--format", "page", "--to", field.scratch.path + "/out"],
          ])
        ]
      }
    }
    func alone(
      _ name: String, _ seeds: [[UInt8]], _ suffix: String, mend: @escaping ([UInt8]) -> [UInt8] = { $0 },
      _ words: [[String]]
    ) -> Kind {
      Kind(name: name, seeds: seeds, mend: mend) { input, dice in
        let path = field.scratch.path + "/input" + suffix
        try Data(input).write(to: URL(fileURLWithPath: path))
        return [dice.pick(words).map { $0 == "FILE" ? path : $0 }]
      }
    }
    let small = BuiltProgram.root + "/models/apollo-reader-small.gguf"
    return [
      try inCorpus("corpus.json", "corpus.json"), try inCorpus("fragment.json", files[1]),
      try inCorpus("lines.json", files[2]),
      try inCorpus("photograph", files[3], AttackMutation.png), try inCorpus("index", files[4], AttackMutation.index),
      try inCorpus("journal", files[5], AttackMutation.records),
      try inCorpus("readings", files[6], AttackMutation.records),
      alone(
        "strip", [try bytes(field.strip)], ".png", mend: AttackMutation.png,
        [["read", "--line", "--fast", "--model", small, "FILE"]]),
      alone(
        "model", [Array(try bytes(small).prefix(40_000)), try bytes(small)], ".gguf",
        [["read", "--line", "--fast", "--model", "FILE", field.strip]]),
      alone(
        "Leiden+", [Array(AttackField.leiden.utf8)], ".txt",
        [
          ["leiden", "to-epidoc", "FILE"], ["leiden", "to-epidoc", "--lines", "FILE"],
          ["leiden", "layer", "edited", "FILE"],
        ]),
      alone(
        "EpiDoc",
        [
          Array(AttackField.page.utf8),
          Array(
            "<ab>κ<supplied reason=\"lost\">αι</supplied><lb n=\"2\"/><choice><reg>α</reg><orig>β</orig></choice></ab>"
              .utf8),
        ], ".xml", [["leiden", "to-leiden", "FILE"]]),
      Kind(name: "PAGE", seeds: [Array(AttackField.page.utf8)]) { input, _ in
        let folder = field.scratch.path + "/with-page"
        if Files.exists(folder) { try FileManager.default.removeItem(atPath: folder) }
        try Files.makeFolder(folder)
        try Files.copy(field.photograph, to: folder + "/p.png")
        try Data(input).write(to: URL(fileURLWithPath: folder + "/p.xml"))
        let corpus = folder + "/c"
        return [["new", corpus], ["import", corpus, folder + "/p.png"], ["check", corpus]]
      },
      Kind(name: "import", seeds: [try bytes(field.photograph), Self.jpeg], mend: AttackMutation.png) { input, _ in
        let folder = field.scratch.path + "/imported"
        if Files.exists(folder) { try FileManager.default.removeItem(atPath: folder) }
        try Files.makeFolder(folder)
        try Data(input).write(to: URL(fileURLWithPath: folder + "/p.jpg"))
        return [["new", folder + "/c"], ["import", folder + "/c", folder + "/p.jpg"], ["check", folder + "/c"]]
      },
    ]
  }

  private static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9]

  /// Tiles are looked at in this process: no command but the workbench opens them.
  @Test func changedTilesAreBuiltAnew() throws {
    let field = try AttackField()
    let cache = field.scratch.path + "/p.tiles"
    let sound = try TilePyramid.open(photograph: field.photograph, cache: cache)
    let whole = Rect(x: 0, y: 0, width: sound.width, height: sound.height)
    let view = try sound.view(of: whole, width: 30, height: 16)
    let bytes = try Files.read(cache)
    var dice = Attack.Dice(Attack.seed)
    for round in 0..<(Attack.seconds > 30 ? 400 : 40) {
      let changed = AttackMutation.mutated(bytes, &dice)
      try Data(round % 2 == 0 ? AttackMutation.tiles(changed) : changed).write(to: URL(fileURLWithPath: cache))
      let opened = try TilePyramid.open(photograph: field.photograph, cache: cache)
      if opened.width == sound.width, opened.height == sound.height {
        #expect(try opened.view(of: whole, width: 30, height: 16) == view)
      }
    }
  }

  // MARK: Pipes and links in the place of files

  @Test func pipesAndLinksInThePlaceOfFilesHoldNobodyUp() throws {
    let field = try AttackField()
    let report = Attack.Report("pipes and links")
    let outside = field.scratch.path + "/outside"
    try Files.makeFolder(outside)
    try Files.replace(outside + "/mine", with: Array("mine".utf8))
    let commands = [["status"], ["check"], ["search"], ["check", "--repair"], ["export"], ["transcribe"]]
    let makers: [(String, (String) -> Int32)] = [
      ("pipe", { mkfifo($0, 0o600) }), ("link to a device", { symlink("/dev/zero", $0) }),
      ("link to itself", { symlink($0, $0) }),
      ("link outside", { symlink(outside + "/mine", $0) }), ("folder", { mkdir($0, 0o755) }),
    ]
    var places: [(String, String, (String) -> Int32, [String])] = []
    for file in try field.files {
      for (what, make) in makers { for words in commands { places.append((file, what, make, words)) } }
    }
    var dice = Attack.Dice(Attack.seed)
    while report.goesOn, !places.isEmpty {
      let (file, what, make, words) = places.remove(at: dice.next(places.count))
      let corpus = try field.copy()
      try FileManager.default.removeItem(atPath: corpus + "/" + file)
      guard make(corpus + "/" + file) == 0 else { continue }
      if file != "cache/index" { _ = unlink(corpus + "/cache/index") }
      report.count(what)
      var call = [words[0], corpus] + words.dropFirst()
      if words[0] == "search" { call.append("και") }
      if words[0] == "export" { call += ["--format", "page", "--to", field.scratch.path + "/out"] }
      if words[0] == "transcribe" { call += ["--fast", "--workers", "1"] }
      let run = try Attack.run(call)
      if let fall = run.fall { report.fell(what, "\(file), \(words.joined(separator: " ")): \(fall)") }
      if try Files.read(outside + "/mine") != Array("mine".utf8) {
        report.fell(what, "\(file): a file outside was changed")
      }
    }
    report.tell()
    #expect(report.fallen == 0)
  }

  // MARK: Descriptors and rights

  @Test func closedDescriptorsAndStrictRightsChangeNothing() throws {
    let field = try AttackField()
    let report = Attack.Report("descriptors")
    for closed in ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"] {
      for mask in ["022", "077"] {
        let corpus = try field.copy()
        let photograph = field.scratch.path + "/photograph.png"
        for words in [
          ["status", corpus], ["import", corpus, photograph], ["transcribe", corpus, "--fast", "--workers", "1"],
          ["check", corpus],
        ] {
          report.count(closed)
          let run = try Attack.run(words, wrapper: ["sh", "-c", "umask \(mask); exec \"$@\" \(closed)", "sh"])
          if let fall = run.fall { report.fell(closed, "\(words[0]): \(fall)") }
        }
        let check = try Attack.run(["check", corpus])
        if check.status != 0 { report.fell(closed, "check: \(check.output)\(check.errors)") }
      }
      guard report.goesOn else { break }
    }
    let full = try Attack.run(
      ["status", try field.copy(), "--json"], wrapper: ["sh", "-c", "exec \"$@\" > /dev/full", "sh"])
    if full.status != 3 { report.fell("full", "a full disk behind standard output gave \(full.status)") }
    report.tell()
    #expect(report.fallen == 0)
  }

  // MARK: Everything at once

  @Test func manyAtOnceLoseNothing() throws {
    let field = try AttackField()
    let report = Attack.Report("at once")
    repeat {
      let corpus = try field.copy()
      var processes: [Process] = []
      func start(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Attack.program)
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(["GRAPHEION_HOME": BuiltProgram.root]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        processes.append(process)
        report.count(words[0])
      }
      let pictures = field.scratch.path + "/pictures"
      try Files.makeFolder(pictures)
      for number in 0..<4 {
        try PNG.write(Bitmap(width: 40 + number, height: 30, filledWith: 200), to: pictures + "/n\(number).png")
      }
      for number in 0..<4 { try start(["import", corpus, pictures + "/n\(number).png"]) }
      try start(["transcribe", corpus, "--fast", "--workers", "1"])
      try start(["check", corpus])
      try start(["status", corpus])
      try start(["search", corpus, "και"])
      try start(["export", corpus, "--format", "jsonl", "--to", field.scratch.path + "/out"])
      for process in processes {
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal {
          report.fell("at once", "\(process.arguments ?? []): a signal")
        }
      }
      let store = try CorpusStore.open(at: corpus)
      let findings = try store.check()
      if !findings.isEmpty { report.fell("at once", "check: \(findings)") }
      if store.fragmentIDs.count != 5 { report.fell("at once", "fragments: \(store.fragmentIDs)") }
      if try store.corrections(of: "f1").count != 2 { report.fell("at once", "decisions were lost") }
    } while report.goesOn
    report.tell()
    #expect(report.fallen == 0)
  }
}
