import Corpus
import Foundation
import Platform
import Raster
import Synchronization
import Terminal
import Testing

@testable import Workbench

@Suite struct StripShelfTests {
  /// Counts how often it is looked at, and how finely.
  private final class Watched: ViewablePhotograph {
    let looks = Mutex<[Size]>([])
    var width: Int { 600 }
    var height: Int { 400 }

    func view(of rect: Rect, width: Int, height: Int) throws -> Bitmap {
      looks.withLock { $0.append(Size(width: width, height: height)) }
      return try DrawnPhotograph.sample.view(of: rect, width: width, height: height)
    }
  }

  private struct Size: Hashable, Sendable {
    var width: Int
    var height: Int
  }

  private static func desk() throws -> FragmentDesk {
    let row = FragmentRow(try Sample.desk().entry(of: "frag-0001"))
    return FragmentDesk(row, lines: Sample.lines, time: 0)
  }

  @Test func aStripIsCutOnceAndThenFound() throws {
    let (shelf, photograph, desk) = (StripShelf(), Watched(), try Self.desk())
    let key = StripImage.Key(desk, Sample.regions[1], pixels: 40)
    let cut = try #require(try StripImage(DrawnPhotograph.sample, key))
    for _ in 0..<3 { #expect(try shelf.strip(key, of: photograph)?.bitmap == cut.bitmap) }
    #expect(photograph.looks.withLock(\.count) == 1)
  }

  /// What is asked for ahead is given out once, cut by whoever took it, and then at hand.
  @Test func stripsAheadAreCutOnce() throws {
    let (shelf, photograph, desk) = (StripShelf(), Watched(), try Self.desk())
    let keys = Sample.regions.map { StripImage.Key(desk, $0, pixels: 40) }
    let wanted = shelf.missing(keys)
    #expect(wanted == keys && shelf.missing(keys).isEmpty)
    Threads.forEach(wanted.count, workers: 3) { shelf.cutAhead(wanted[$0], of: photograph) }
    #expect(shelf.missing(keys).isEmpty)
    for key in keys { #expect(try shelf.strip(key, of: photograph) != nil) }
    #expect(photograph.looks.withLock(\.count) == keys.count)
  }

  @Test func theOldestGoesWhereBytesRunOut() throws {
    let (photograph, desk) = (Watched(), try Self.desk())
    let keys = Sample.regions.map { StripImage.Key(desk, $0, pixels: 40) }
    let one = try #require(try StripImage(DrawnPhotograph.sample, keys[0])).bitmap.pixels.count
    let shelf = StripShelf(mostBytes: 3 * one)
    for key in keys { _ = try shelf.strip(key, of: photograph) }
    #expect(shelf.bytes <= 3 * one && shelf.bytes >= 2 * one)
    _ = try shelf.strip(keys[4], of: photograph)
    #expect(photograph.looks.withLock(\.count) == 5)
    _ = try shelf.strip(keys[0], of: photograph)
    #expect(photograph.looks.withLock(\.count) == 6)
    // A line larger than all that may be kept is shown all the same.
    #expect(try StripShelf(mostBytes: 1).strip(keys[0], of: photograph) != nil)
  }

  /// However high the pane, the strip has at least twice as many rows of pixels, or all that the photograph has.
  @Test(arguments: [4, 8, 11, 16, 22, 36, 80]) func noPixelThatCouldBeSeenIsMissing(_ pixels: Int) throws {
    let desk = try Self.desk()
    var slanted = Sample.regions[2]
    slanted.baseline = [Point(x: 40, y: 100), Point(x: 530, y: 300)]
    slanted.polygon = Polygon([
      Point(x: 40, y: 68), Point(x: 530, y: 268), Point(x: 530, y: 312), Point(x: 40, y: 112),
    ])
    for region in [Sample.regions[1], slanted] {
      var full = StripImage.Key(desk, region, pixels: pixels)
      let key = full
      full.reduction = 1
      let strip = try #require(try StripImage(DrawnPhotograph.sample, key))
      let all = try #require(try StripImage(DrawnPhotograph.sample, full))
      #expect(strip.bitmap.height >= min(2 * pixels, all.bitmap.height))
      // A letter stands at the same share of the line, however finely it was cut.
      for place in [100.0, 300, 500] {
        let share = strip.x(of: place) / Double(strip.bitmap.width)
        #expect(abs(share - all.x(of: place) / Double(all.bitmap.width)) < 0.01)
      }
    }
  }

  /// The queue's next lines, on whatever fragment they stand, are there before they are asked for: no key waits for a photograph to open.
  @Test func theQueueIsMadeReady() throws {
    let stage = try Stage(width: 110, height: 40)
    for step in ["!ready", "Q", "Enter"] { try stage.play(step) }
    _ = stage.grid()
    for _ in 0..<6 {
      stage.session.prepareAhead()
      let next = stage.workspace.queueAhead()
      #expect(next.isEmpty, "all that is wanted is under way")
      // Until the workers have done it.
      let end = Date().addingTimeInterval(5)
      while stage.workspace.strips.isBusy, Date() < end { usleep(500) }
      let before = stage.workspace.desk?.line?.region.id
      stage.session.handle(.input(.key(try #require(Key(">")))))
      guard case .ready = stage.workspace.desk?.image else {
        Issue.record("the photograph is not open")
        return
      }
      let bytes = stage.workspace.strips.bytes
      _ = stage.session.draw()
      #expect(stage.workspace.desk?.strip != nil && stage.workspace.strips.bytes == bytes, "the strip was there")
      #expect(stage.workspace.desk?.line?.region.id != before || stage.workspace.queue.left > 0)
    }
  }

  /// What could not be opened is asked for again when it is looked at.
  @Test func whatIsGivenUpIsMissingAgain() throws {
    let shelf = StripShelf()
    let key = StripImage.Key(try Self.desk(), Sample.regions[0], pixels: 20)
    #expect(shelf.missing([key]) == [key] && shelf.missing([key]).isEmpty)
    shelf.giveUp([key])
    #expect(shelf.missing([key]) == [key])
  }

  @Test func photographsAreOpenedOnce() throws {
    let shelf = PhotographShelf()
    var count = 0
    func open(_ paths: PhotographPaths) throws -> any ViewablePhotograph {
      count += 1
      return DrawnPhotograph.sample
    }
    func paths(_ number: Int) -> PhotographPaths { PhotographPaths(photograph: "\(number)", tiles: "") }
    for number in [0, 1, 0, 1, 2, 0, 1] { _ = try shelf.photograph(paths(number), with: open) }
    #expect(count == 3 && shelf.photograph(paths(1)) != nil)
    // The one used longest ago goes.
    _ = try shelf.photograph(paths(3), with: open)
    #expect(shelf.photograph(paths(2)) == nil && shelf.photograph(paths(0)) != nil)
  }

  /// The lines beside the current one are what is cut while the scholar looks.
  @Test func whatTheNextKeyWantsIsAskedFor() throws {
    let stage = try Stage(width: 110, height: 40)
    try stage.play("Enter")
    _ = stage.grid()
    var space = stage.workspace
    let ahead = try #require(space.stripsAhead())
    #expect(ahead.keys.map(\.region.id) == ["0-1", "0-2"])
    #expect(space.stripsAhead() == nil)
    for key in ahead.keys { ahead.shelf.cutAhead(key, of: ahead.photograph) }
    try stage.play("j")
    _ = stage.grid()
    space = stage.workspace
    #expect(space.desk?.strip?.key == ahead.keys[0])
    #expect(space.stripsAhead()?.keys.map(\.region.id) == ["0-3"])
  }
}
