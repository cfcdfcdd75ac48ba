import Corpus
import Pipeline
import Platform
import Raster
import Testing

@testable import Workbench

/// What is decided helps to read what is not: lines further on are read again, known what the decided ones say.
@Suite struct ReadAheadTests {
  /// Says how many lines it knows.
  private struct Knowing: FragmentReader {
    let model = "knowing@0001"
    let settingsText = ""
    var lines: [String] = []

    func read(
      photograph: Bitmap, index: Int, regions: [LineRegion], progress: @Sendable (Int, Int) -> Bool
    ) throws -> [LineReading] { [] }

    func read(line: LineRegion, file path: String, like pattern: String?) -> LineReading {
      LineReading(region: line, candidates: lines.map { Sample.candidate($0.lowercased(), 0.9) })
    }

    func knowing(_ lines: [String]) -> (any FragmentReader)? { Knowing(lines: lines) }
  }

  private func stage() throws -> Stage {
    let stage = try Stage(width: 100, height: 30)
    try stage.play("!ready")
    try stage.play("Enter")
    return stage
  }

  @Test func linesFurtherOnAreReadAgain() throws {
    var space = try stage().workspace
    let lines = try #require(space.desk?.lines)
    let decision = Correction(
      scholar: "tester", fragment: "frag-0001", region: lines[0].region, before: nil, after: "ετουσ α\u{323}[βγ]",
      action: .edited, offered: lines[0].candidates, model: nil, seconds: 1)
    let effects = space.handle(.decided(decision, conflict: nil))
    let asked = effects.compactMap { effect in
      if case .readAhead("frag-0001", let regions) = effect { regions.map(\.id) } else { nil }
    }
    // Not the next one, which is looked at; restored letters are not on the papyrus.
    #expect(
      asked == [["0-2", "0-3", "0-4"]]
        && space.decidedLetters(of: "frag-0001", besides: [lines[2].region]) == ["ΕΤΟΥΣΑ"])
    // Asked about once more, a decided line is read without its own text.
    #expect(space.decidedLetters(of: "frag-0001", besides: [lines[0].region]).isEmpty)

    let reading = LineReading(region: lines[3].region, candidates: [Sample.candidate("νεον", 0.9)])
    _ = space.handle(.readAhead(fragment: "frag-0001", reading, knowing: 1))
    #expect(space.desk?.lines[3].candidates.map(\.leiden) == ["νεον"])
    // A line under the scholar's eyes keeps its candidates, and so does one that is decided or lies elsewhere.
    for index in [0, 1] {
      let late = LineReading(region: lines[index].region, candidates: reading.candidates)
      _ = space.handle(.readAhead(fragment: "frag-0001", late, knowing: 1))
      #expect(space.desk?.lines[index].candidates == lines[index].candidates)
    }
    var moved = lines[4].region
    moved.baseline[0].y += 30
    _ = space.handle(
      .readAhead(fragment: "frag-0001", LineReading(region: moved, candidates: reading.candidates), knowing: 1))
    #expect(space.desk?.lines[4].candidates == lines[4].candidates)
    _ = space.handle(
      .readAhead(fragment: "frag-0001", LineReading(region: lines[2].region, candidates: []), knowing: 1))
    #expect(space.desk?.lines[2].candidates == lines[2].candidates)
  }

  @Test func theHeadSaysWhatWasKnown() throws {
    let stage = try stage()
    let line = try #require(stage.workspace.desk?.lines[3])
    stage.session.tell(
      .readAhead(
        fragment: "frag-0001", LineReading(region: line.region, candidates: [Sample.candidate("νεον", 0.9)]),
        knowing: 2))
    for _ in 0..<3 { try stage.play("j") }
    let text = stage.text()
    #expect(text.contains("knowing 2 lines") && text.contains("νεον"), "\(text)")
    // What is loaded anew was offered by who knew nothing.
    stage.session.tell(.lines(fragment: "frag-0001", .success(Sample.lines), decisions: []))
    #expect(!stage.text().contains("knowing"))
  }

  /// A fragment's lines are asked of a reader that knows; what waits of the kind gives way to what comes.
  @Test func theReaderIsTold() throws {
    let background = try Background()
    func job(_ known: [String]) -> Background.Job {
      Background.Job(
        fragment: "f", photographs: ["a.png"], regions: [Sample.regions[2]], asked: .ahead, known: known)
    }
    background.add(job(["ΝΕΟΝ"]), first: false)
    background.add(job(["ΝΕΟΝ", "ΚΑΙ"]), first: false)
    background.start { Knowing() }
    var read: [(LineReading, Int)] = []
    for _ in 0..<2000 where read.isEmpty {
      Waiting.untilReadable(background.inbox.descriptor)
      for delivery in background.inbox.take() {
        if case .news(.readAhead("f", let reading, let count)) = delivery { read.append((reading, count)) }
      }
    }
    #expect(read.map(\.1) == [2] && read.first?.0.candidates.map(\.leiden) == ["νεον", "και"])
    background.stop()
  }
}
