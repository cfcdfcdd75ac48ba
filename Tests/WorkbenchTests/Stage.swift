import Corpus
import Foundation
import Pipeline
import Platform
import Raster
import Terminal
import Testing

@testable import Workbench

/// A session without a terminal: keys in, the whole screen's text out.
final class Stage {
  let desk: ScriptedDesk
  let screen: HeadlessScreen
  let session: Session
  private var pictures = PictureCells()
  private var linear = LinearWriter()

  init(
    width: Int, height: Int, depth: ColourDepth = .direct, desk: ScriptedDesk = Sample.desk(),
    settings: Settings = Settings(), isTour: Bool = false
  ) throws {
    self.desk = desk
    screen = HeadlessScreen(width: width, height: height, depth: depth)
    var options = Workbench.Options(scholar: "tester", blocks: .quarter, settings: settings, isTour: isTour)
    options.clock = { 0 }
    session = try Session(
      desk: desk, screen: screen, options: options, openPhotograph: { DrawnPhotograph.of($0.photograph) },
      loadReader: { ScriptedReader() }, loadTexts: { _ in ScriptedTexts() })
  }

  var workspace: Workspace { session.workspace }

  /// What is on the screen once what was started in the background has come in.
  func text() -> String {
    grid().text
  }

  /// The same, its pictures as cells.
  func grid() -> Grid {
    settle()
    return pictures.flatten(session.draw())
  }

  /// What is written in plain lines after what was written before.
  func told() -> String {
    settle()
    return String(decoding: linear.bytes(showing: session.draw()), as: UTF8.self)
  }

  fileprivate func settle() {
    // Long only where the machine has much else to do.
    let end = Date().addingTimeInterval(60)
    while Date() < end {
      let image = workspace.desk?.image ?? (workspace.view == .queue ? workspace.queue.preview?.image : nil)
      if case .opening = image {
        session.takeDeliveries()
      } else if workspace.desk?.chart?.waiting.isEmpty == false {
        session.takeDeliveries()
      } else if case .opening? = workspace.desk?.companion?.image {
        session.takeDeliveries()
      } else if case .awaited? = workspace.desk?.consultation?.answer {
        session.takeDeliveries()
      } else {
        return
      }
      usleep(500)
    }
  }

  /// Plays one step: a key's name, text in quotes, or a word that begins with `!`.
  func play(_ step: String) throws {
    settle()
    if step.hasPrefix("!") { return try direct(step) }
    if step.hasPrefix("'"), step.hasSuffix("'"), step.count > 2 {
      for scalar in step.dropFirst().dropLast().unicodeScalars { session.handle(.input(.key(Key(.character(scalar))))) }
      return
    }
    guard let key = Key(step) else { throw ScriptedDesk.Refused(description: "no such key: \(step)") }
    session.handle(.input(.key(key)))
  }

  private func direct(_ step: String) throws {
    let parts = step.dropFirst().split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts[0], parts.count > 1 ? parts[1] : "") {
    case ("window", let size):
      let numbers = size.split(separator: "x").compactMap { Int($0) }
      session.handle(.resized(Size(width: numbers[0], height: numbers[1])))
    case ("fail", let reason): desk.refusal = reason.replacingOccurrences(of: "_", with: " ")
    case ("work", _): desk.refusal = nil
    case ("paste", let text): session.handle(.input(.paste(text)))
    case ("click", let place):
      let numbers = place.split(separator: ",").compactMap { Int($0) }
      session.handle(.input(.mouse(MouseEvent(.press, x: numbers[0], y: numbers[1]))))
      session.handle(.input(.mouse(MouseEvent(.release, x: numbers[0], y: numbers[1]))))
    case ("answer", let pattern):
      guard let desk = workspace.desk, let line = desk.line else { return }
      let reading = ScriptedReader().read(line: line.region, file: "", like: pattern)
      session.tell(
        .answered(fragment: desk.fragment.id, region: line.region, pattern: pattern, .success(reading)))
    // The model has read the current line where it is now.
    case ("read", _):
      guard let desk = workspace.desk, let line = desk.line else { return }
      let reading = ScriptedReader().read(line: line.region, file: "", like: nil)
      session.tell(.lineRead(fragment: desk.fragment.id, region: line.region, .success(reading)))
    case ("drag", let places):
      let ends = places.split(separator: "-").map { $0.split(separator: ",").compactMap { Int($0) } }
      session.handle(.input(.mouse(MouseEvent(.press, x: ends[0][0], y: ends[0][1]))))
      session.handle(.input(.mouse(MouseEvent(.drag, x: ends[1][0], y: ends[1][1]))))
      session.handle(.input(.mouse(MouseEvent(.release, x: ends[1][0], y: ends[1][1]))))
    // The scholar's editor puts one text in the place of another.
    case ("editor", let words):
      let parts = words.replacingOccurrences(of: "_", with: " ").components(separatedBy: "=")
      screen.editor = { $0.replacingOccurrences(of: parts[0], with: parts[1]) }
    // Somebody imports a fragment.
    case ("import", let id):
      desk.fragments.append(Fragment(id: id, title: "New", photographs: Sample.fragments[0].photographs))
      desk.comes = .table(try desk.table())
      _ = session.lookAround()
    // Somebody else decides about a line of the sample: its number, his text.
    case ("other", let words):
      let parts = words.split(separator: ":").map(String.init)
      let line = Sample.lines[Int(parts[0])!]
      var decision = Correction(
        scholar: "anna", fragment: "frag-0001", region: line.region, before: nil,
        after: parts[1].replacingOccurrences(of: "_", with: " "), action: .edited,
        offered: line.candidates, model: line.model, seconds: 4)
      decision.stamp = Correction.Stamp(time: 5, writer: "anna", sequence: 0)
      desk.journal.append(decision)
      desk.linesByFragment["frag-0001"]![Int(parts[0])!].apply(decision)
    case ("ready", _): session.tell(.readerReady(model: "scripted@0001"))
    case ("progress", let numbers):
      let parts = numbers.split(separator: "/").compactMap { Int($0) }
      session.tell(.readingProgress(fragment: workspace.desk?.fragment.id ?? "", done: parts[0], of: parts[1]))
    default: throw ScriptedDesk.Refused(description: "no such direction: \(step)")
    }
  }
}

extension Stage {
  /// What holds whatever was pressed: the whole window is drawn, the cursor stands in it, and what the state points at is there.
  func expectSound(_ location: SourceLocation = #_sourceLocation) {
    settle()
    let grid = session.draw()
    let space = workspace
    #expect(grid.size == space.size, sourceLocation: location)
    #expect(grid.cells.count == grid.size.width * grid.size.height, sourceLocation: location)
    if let cursor = grid.cursor { #expect(grid.area.contains(x: cursor.x, y: cursor.y), sourceLocation: location) }
    if let desk = space.desk, !desk.lines.isEmpty {
      #expect(desk.lines.indices.contains(desk.current), sourceLocation: location)
    }
    #expect(!space.views.isEmpty, sourceLocation: location)
  }
}

/// Transcripts: files with keys and the screens that must follow.
///
/// ```
/// window 80x24 [depth] [linear] [tour]
/// > j Enter 'text' !fail:no_space
/// | the screen,
/// | row by row
/// ```
/// With `GRAPHEION_RECORD=1` in the environment the files are written anew: read the difference before it is committed.
enum Transcript {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Transcripts/Workbench")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".txt") }.sorted()
  }()

  static var isRecording: Bool { ProcessInfo.processInfo.environment["GRAPHEION_RECORD"] == "1" }

  static func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  /// Plays a transcript and returns it as it really went.
  static func play(_ script: String) throws -> String {
    var out: [String] = []
    var stage: Stage?
    for line in script.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("|") { continue }
      out.append(line)
      if line.hasPrefix("window ") {
        let words = line.split(separator: " ")
        let numbers = words[1].split(separator: "x").compactMap { Int($0) }
        let depth = words.count > 2 ? ColourDepth.allCases.first { "\($0)" == words[2] } ?? .direct : .direct
        var settings = Settings()
        settings.isLinear = words.contains("linear")
        stage = try Stage(
          width: numbers[0], height: numbers[1], depth: depth, settings: settings, isTour: words.contains("tour"))
      } else if line.hasPrefix(">"), let stage {
        for step in steps(line.dropFirst()) { try stage.play(step) }
        if stage.workspace.isLinear {
          for text in stage.told().split(separator: "\r\n", omittingEmptySubsequences: false) where !text.isEmpty {
            out.append("| \(text)")
          }
          continue
        }
        let grid = stage.grid()
        for text in grid.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
          out.append(text.isEmpty ? "|" : "| \(text)")
        }
        if let cursor = grid.cursor { out.append("| --- cursor at column \(cursor.x), row \(cursor.y)") }
      }
    }
    while out.last == "" { out.removeLast() }
    return out.joined(separator: "\n") + "\n"
  }

  /// Words by blanks; what stands in quotes is one word.
  private static func steps(_ line: Substring) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    for character in line {
      if character == "'" { isQuoted.toggle() }
      if character == " " && !isQuoted {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    return word.isEmpty ? words : words + [word]
  }
}
