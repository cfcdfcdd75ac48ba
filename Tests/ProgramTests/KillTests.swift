import Corpus
import Exchange
import Foundation
import Platform
import Raster
import Testing

/// The batch and a scholar at work are killed by -9 at random instants, again and again, and what had not reached the disk is cut at a random byte as a
/// power cut would; after each: no acknowledged decision is lost, no fragment is lost or there twice, `check` is clean.
///
/// `GRAPHEION_KILLS` sets how often (default 6); `make test-kills` does it 500 times.
@Suite(.serialized) struct KillTests {
  private static let kills = ProcessInfo.processInfo.environment["GRAPHEION_KILLS"].flatMap { Int($0) } ?? 6
  private static let scholars = ["a", "b", "c"]

  @Test func nothingAcknowledgedIsEverLost() throws {
    let seed =
      UInt64(ProcessInfo.processInfo.environment["GRAPHEION_KILL_SEED"] ?? "") ?? UInt64(Date().timeIntervalSince1970)
    print("kill driver: \(Self.kills) kills, seed \(seed)")
    var dice = Dice(seed)
    let scratch = try Scratch()
    let template = scratch.path + "/template"
    try Field.makeTemplate(at: template, pictures: scratch.path + "/pictures")
    var field = try Field(template)
    for kill in 0..<Self.kills {
      try field.round(&dice, "kill \(kill) of seed \(seed)")
      if field.isRead { field = try Field(template) }
    }
  }

  /// Numbers by chance, the same for one seed.
  struct Dice {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, below)
    }
  }

  /// A corpus under fire, and what was acknowledged in it.
  struct Field {
    private let scratch: Scratch
    private let path: String
    private let ids: [String]
    /// Texts on the screen said to be saved, in order.
    private var saved: [String] = []
    /// Fragments the batch has told of.
    private var told: Set<String> = []
    private var words = 0
    /// Bytes of each file of records when it was last looked at: they were flushed, and other records may bear witness of them.
    private var looked: [String: Int] = [:]

    /// Whether the batch has nothing left to do.
    private(set) var isRead = false

    /// A fresh copy of the corpus `template` makes.
    init(_ template: String) throws {
      scratch = try Scratch()
      path = scratch.path + "/c"
      try FileManager.default.copyItem(atPath: template, toPath: path)
      ids = try CorpusStore.open(at: path).fragmentIDs
    }

    /// Makes the corpus at `path`; pictures are laid into `folder`.
    static func makeTemplate(at path: String, pictures: String) throws {
      let store = try CorpusStore.create(at: path)
      var ids: [String] = []
      try FileManager.default.createDirectory(atPath: pictures, withIntermediateDirectories: true)
      for number in 0..<250 {
        var bitmap = Bitmap(width: 48, height: 40, filledWith: 210)
        bitmap.pixels[0] = UInt8(number & 255)
        bitmap.pixels[1] = UInt8(number >> 8)
        let id = "f" + String(1000 + number)
        try Data(PNG.encode(bitmap)).write(to: URL(fileURLWithPath: pictures + "/\(id).png"))
        ids.append(id)
      }
      try store.importPhotographs([pictures], scholar: "t", sidecar: { _, _ in nil }, tell: { _ in })
      // The scholar's fragment has lines; the batch finds none on the others and is quick.
      let regions = (0..<3).map { line -> LineRegion in
        let y = 12 + 10 * Double(line)
        return LineRegion(
          id: "g\(line)", photograph: 0, column: 0, baseline: [Point(x: 2, y: y), Point(x: 46, y: y)],
          polygon: Polygon([
            Point(x: 2, y: y - 6), Point(x: 46, y: y - 6), Point(x: 46, y: y + 1), Point(x: 2, y: y + 1),
          ]))
      }
      try store.give(regions, to: ids[0])
      #expect(store.fragmentIDs == ids)
    }

    /// The batch and a scholar work side by side until both are killed; then everything is looked at.
    mutating func round(_ dice: inout Dice, _ what: String) throws {
      let output = scratch.path + "/events"
      _ = FileManager.default.createFile(atPath: output, contents: nil)
      let batch = Process()
      batch.executableURL = URL(fileURLWithPath: BuiltProgram.path)
      batch.arguments = ["transcribe", path, "--json", "--fast", "--workers", "2"]
      var variables = ProcessInfo.processInfo.environment
      variables["GRAPHEION_HOME"] = BuiltProgram.root
      batch.environment = variables
      batch.standardOutput = FileHandle(forWritingAtPath: output)
      batch.standardError = FileHandle.nullDevice
      try batch.run()
      let scholar = try PseudoTerminal([path])
      let end = Date().addingTimeInterval(0.3 + Double(dice.next(2000)) / 1000)
      try correct(scholar, until: end)
      // One of them, then the other, or only the scholar.
      scholar.signal(SIGKILL)
      if dice.next(4) > 0 { kill(batch.processIdentifier, SIGKILL) } else { kill(batch.processIdentifier, SIGINT) }
      _ = try scholar.waitForEnd()
      batch.waitUntilExit()
      // Workers see their batch gone; the last of them is away when no journal of theirs grows.
      usleep(150_000)
      let news = String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self)
      for line in news.split(separator: "\n") where line.hasSuffix("}") {
        guard let start = line.range(of: #""fragment":""#)?.upperBound else { continue }
        let id = String(line[start...].prefix { $0 != "\"" })
        // The workbench reads the scholar's fragment as well, with other settings.
        #expect(!told.contains(id) || id == ids[0], "\(what): \(id) was read twice")
        told.insert(id)
      }
      try cutWhatWasNotTold(&dice)
      try expectWhole(what)
    }

    /// Types texts into lines of the scholar's fragment and remembers those that the screen says are saved.
    private mutating func correct(_ terminal: PseudoTerminal, until end: Date) throws {
      func left() -> Double { max(0.001, end.timeIntervalSinceNow) }
      // What does not come before the kill was not acknowledged.
      do {
        try terminal.wait(for: "? keys", seconds: left())
        terminal.type("\r")
        try terminal.wait(for: "of 3", seconds: left())
        while Date() < end {
          words += 1
          let text = Self.word(words)
          terminal.type("E" + text)
          try terminal.wait(for: text.greek, seconds: left())
          terminal.type("\r")
          try terminal.wait(for: "Saved: line", seconds: left())
          saved.append(text.greek)
          terminal.type("g")
          try terminal.wait(while: "Saved: line", seconds: left())
        }
      } catch is PseudoTerminal.Failed {}
    }

    /// A word for a number, in Beta Code: no two alike.
    private static func word(_ number: Int) -> String {
      let letters = Array("abgdezhqik")
      return "l" + String(String(number).map { letters[Int(String($0))!] }) + "n"
    }

    /// Cuts each file of records at a random byte behind the last record that was acknowledged, of what came since the last look. The index, which would
    /// bear witness of records that no flush had brought to the disk, goes as well.
    private func cutWhatWasNotTold(_ dice: inout Dice) throws {
      for folder in [path + "/journal"] + (try Files.list(path + "/readings").map { path + "/readings/" + $0 }) {
        guard Files.exists(folder) else { continue }
        for name in try Files.list(folder) where name.hasSuffix(".jsonl") && dice.next(2) == 0 {
          let file = folder + "/" + name
          let bytes = try Files.read(file)
          var safe = min(bytes.count, looked[file] ?? 0)
          var start = 0
          while let end = bytes[start...].firstIndex(of: 0x0A) {
            let line = String(decoding: bytes[start..<end], as: UTF8.self)
            let isTold =
              saved.contains { line.contains("\"after\":\"\($0)\"") }
              || told.contains { line.contains("\"fragment\":\"\($0)\"") && !line.contains("\"action\"") }
            start = end + 1
            if isTold { safe = max(safe, start) }
          }
          guard safe < bytes.count else { continue }
          if Files.exists(path + "/cache/index") { try Files.remove(path + "/cache/index") }
          _ = truncate(file, off_t(safe + dice.next(bytes.count - safe + 1)))
        }
      }
    }

    private mutating func expectWhole(_ what: String) throws {
      let store = try CorpusStore.open(at: path)
      isRead = try store.status().read == ids.count
      #expect(store.fragmentIDs == ids, "\(what): fragments")
      let after = try store.corrections(of: ids[0]).compactMap(\.after)
      // Every acknowledged decision is there once, in its order.
      #expect(after.filter(Set(saved).contains) == saved, "\(what): decisions")
      for id in told { #expect(try store.readingSummary(of: id) != nil, "\(what): the reading of \(id)") }
      try expectNoneTwice(what)
      let found = try store.check()
      #expect(found.allSatisfy { !$0.isDamage }, "\(what): \(found)")
      if !found.isEmpty { #expect(try store.check(repair: true).allSatisfy(\.repaired), "\(what): \(found)") }
      let again = try CorpusStore.open(at: path)
      #expect(try again.check().isEmpty, "\(what): not clean after the repair")
      #expect(again.warnings.isEmpty, "\(what)")
      for folder in [path + "/journal"] + (try Files.list(path + "/readings").map { path + "/readings/" + $0 }) {
        guard Files.exists(folder) else { continue }
        for name in try Files.list(folder) where name.hasSuffix(".jsonl") {
          looked[folder + "/" + name] = try Files.read(folder + "/" + name).count
        }
      }
    }

    /// Every fragment was read once: no run did again what another had recorded.
    private func expectNoneTwice(_ what: String) throws {
      var seen: [String: Int] = [:]
      for run in try Files.list(path + "/readings") {
        for name in try Files.list(path + "/readings/" + run) where name.hasSuffix(".jsonl") {
          let text = String(decoding: try Files.read(path + "/readings/\(run)/\(name)"), as: UTF8.self)
          for line in text.split(separator: "\n") where line.hasSuffix("\"}") {
            guard let start = line.range(of: #""fragment":""#)?.upperBound else { continue }
            seen[String(line[start...].prefix { $0 != "\"" }), default: 0] += 1
          }
        }
      }
      // The scholar's own fragment is read anew when its lines have been decided: its regions are others then.
      seen[ids[0]] = nil
      #expect(seen.values.allSatisfy { $0 == 1 }, "\(what): read twice: \(seen.filter { $0.value > 1 }.keys.sorted())")
    }
  }
}

extension String {
  /// Beta Code of plain letters as Greek.
  fileprivate var greek: String {
    let letters: [Character: Character] = [
      "a": "α", "b": "β", "g": "γ", "d": "δ", "e": "ε", "z": "ζ", "h": "η", "q": "θ", "i": "ι", "k": "κ", "l": "λ",
      "n": "ν",
    ]
    return String(map { letters[$0] ?? $0 })
  }
}
