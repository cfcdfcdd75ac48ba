import Corpus
import Foundation
import Platform
import Testing

@testable import Raster

/// The program under attack: files changed by chance, calls to the system that fail, closed descriptors, pipes and links in the place of files, and
/// everything at once. It may refuse, and must say so; it may not crash, hang, take the machine's memory, or lose or invent anything.
@Suite(.serialized) struct AttackTests {
  // MARK: Changed files

  @Test func changedFilesAreReadOrRefused() throws {
    let field = try AttackField()
    let report = Attack.Report("changed files", share: 0.3)
    var dice = Attack.Dice(Attack.seed)
    let kinds = try field.kinds
    // What is put right again in a sound file is nothing: else no change would reach what stands behind a checksum.
    for kind in kinds where kind.name != "import" {
      for seed in kind.seeds.prefix(1) { #expect(kind.mend(seed) == seed, "\(kind.name)") }
    }
    var number = 0
    while report.goesOn {
      let kind = kinds[number % kinds.count]
      number += 1
      let seed = dice.pick(kind.seeds)
      let changed = AttackMutation.mutated(seed, &dice)
      let input = dice.next(4) == 0 ? changed : kind.mend(changed)
      for words in try kind.calls(input, &dice) {
        report.count(kind.name)
        guard let fall = try Attack.run(words, environment: kind.environment).fall else { continue }
        let kept = field.scratch.path + "/fallen"
        try Data(input).write(to: URL(fileURLWithPath: kept))
        report.fell(kind.name, "\(words.joined(separator: " ")): \(fall)", keeping: kept)
      }
    }
    report.tell()
    #expect(report.fallen == 0)
  }

  /// Tiles are looked at in this process, too: each must be what it was, or be built anew.
  @Test func changedTilesAreBuiltAnew() throws {
    let field = try AttackField()
    let cache = field.scratch.path + "/p.tiles"
    let sound = try TilePyramid.open(photograph: field.photograph, cache: cache)
    let whole = Rect(x: 0, y: 0, width: sound.width, height: sound.height)
    let view = try sound.view(of: whole, width: 30, height: 16)
    let bytes = try Files.read(cache)
    var dice = Attack.Dice(Attack.seed)
    for round in 0..<(Attack.seconds > 60 ? 400 : 40) {
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
    let report = Attack.Report("pipes and links", share: 0.05)
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
    let report = Attack.Report("descriptors", share: 0.05)
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

  /// Batches, scholars, imports, checks and exports on one corpus.
  @Test func manyAtOnceLoseNothing() throws {
    let field = try AttackField()
    let report = Attack.Report("at once", share: 0.1)
    var number = 0
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
      for format in ["jsonl", "page"] {
        try start(["export", corpus, "--format", format, "--to", field.scratch.path + "/out-" + format])
      }
      try start(["transcribe", corpus, "--fast", "--workers", "1"])
      try start(["transcribe", corpus, "--again", "--fast", "--workers", "2"])
      for words in [["check", corpus], ["status", corpus], ["search", corpus, "και"]] { try start(words) }
      var scholars = [try AttackSession(corpus), try AttackSession(corpus)]
      for turn in 0..<4 {
        number += 1
        report.count("decision")
        do {
          if turn < 2 { try scholars[turn].openFirst() }
          try scholars[turn % 2].decide(number)
        } catch { report.fell("decision", "\(error)") }
      }
      for scholar in scholars {
        if let fall = scholar.leave() { report.fell("decision", fall) }
      }
      for process in processes {
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal || process.terminationStatus > 4 {
          report.fell("at once", "\(process.arguments ?? []): ended by \(process.terminationStatus)")
        }
      }
      let store = try CorpusStore.open(at: corpus)
      let findings = try store.check()
      if !findings.isEmpty { report.fell("at once", "check: \(findings)") }
      if store.fragmentIDs.count != 5 { report.fell("at once", "fragments: \(store.fragmentIDs)") }
      let there = try store.corrections(of: "f1").compactMap(\.after)
      let saved = scholars.flatMap(\.saved)
      if there.count != 2 + saved.count || !Set(saved).isSubset(of: there) {
        report.fell("at once", "said to be saved: \(saved); there are \(there)")
      }
    } while report.goesOn
    report.tell()
    #expect(report.fallen == 0)
  }
}
