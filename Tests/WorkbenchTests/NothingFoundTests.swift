import Corpus
import Pipeline
import Platform
import Raster
import Terminal
import Testing

@testable import Workbench

/// A reading of no lines is a reading: what it leaves open is not read again unasked.
@Suite struct NothingFoundTests {
  private func reads(_ effects: [Effect]) -> Int {
    effects.count { if case .read = $0 { true } else { false } }
  }

  /// Opens the first fragment of a corpus whose fragments have `lines`.
  private func opened(_ lines: [LineState], isRead: Bool = false) throws -> Workspace {
    let fragment = Fragment(id: "blank", photographs: [Photograph(file: "p.png", width: 600, height: 400)])
    let overview = FragmentOverview(lines: lines.count, decided: 0, confirmed: 0, isRead: isRead)
    let table = FragmentTable([IndexEntry(fragment: fragment, overview: overview)])
    var space = Workspace(
      corpusName: "c", list: CorpusList(table), size: Size(width: 80, height: 24), imageCells: ImageCells(depth: .none),
      scholar: "t", check: { _ in nil }, clock: { 0 })
    _ = space.handle(.key(Key(.enter)))
    #expect(space.desk != nil)
    return space
  }

  private static let given = [
    LineState(
      region: LineRegion(
        id: "g1", photograph: 0, column: 0, baseline: [Point(x: 1, y: 20), Point(x: 90, y: 20)],
        polygon: Polygon([Point(x: 1, y: 2), Point(x: 90, y: 2), Point(x: 90, y: 22), Point(x: 1, y: 22)])))
  ]

  @Test(arguments: [[], NothingFoundTests.given])
  func whatAReadingLeavesOpenIsNotReadAgain(_ lines: [LineState]) throws {
    var space = try opened(lines)
    #expect(reads(space.handle(.lines(fragment: "blank", .success(lines), decisions: []))) == 1)
    _ = space.handle(.readingWaits(fragment: "blank"))
    _ = space.handle(.readingProgress(fragment: "blank", done: 0, of: 0))
    _ = space.handle(.readingDone(fragment: "blank"))
    for _ in 0..<3 {
      #expect(reads(space.handle(.lines(fragment: "blank", .success(lines), decisions: []))) == 0)
      _ = space.handle(.changed(["blank"]))
    }
  }

  @Test func whatWasReadBeforeAndHasNoLinesIsNotReadAgain() throws {
    var space = try opened([], isRead: true)
    #expect(reads(space.handle(.lines(fragment: "blank", .success([]), decisions: []))) == 0)
    // Regions that were given since are another matter.
    #expect(reads(space.handle(.lines(fragment: "blank", .success(Self.given), decisions: []))) == 1)
  }

  /// A line on a photograph that is not there is told, not looked for.
  @Test func askingAboutALineOfNoPhotographIsTold() throws {
    let background = try Background()
    background.start { ScriptedReader() }
    background.add(
      Background.Job(
        fragment: "f", photographs: ["a.png"],
        regions: [
          LineRegion(id: "l", photograph: 5, column: 0, baseline: [], polygon: Polygon([]))
        ], asked: .like("α.")), first: true)
    var answer: Result<LineReading, any Error>?
    for _ in 0..<2000 where answer == nil {
      Waiting.untilReadable(background.inbox.descriptor)
      for delivery in background.inbox.take() {
        if case .news(.answered(_, _, _, let result)) = delivery { answer = result }
      }
    }
    #expect(throws: CorpusError.self) { try answer?.get() }
    background.stop()
  }
}
