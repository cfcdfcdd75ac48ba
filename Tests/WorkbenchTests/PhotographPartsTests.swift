import Corpus
import Raster
import Terminal
import Testing

@testable import Workbench

/// The photograph in parts, for screens that keep them.
@Suite struct PhotographPartsTests {
  /// A sheet with a slow shade and marks on it: a shift of a pixel shows.
  private static let photograph: DrawnPhotograph = {
    var bitmap = Bitmap(width: 1000, height: 700, channels: 3, filledWith: 0)
    for y in 0..<700 {
      for x in 0..<1000 {
        let isMark = (x / 40 + y / 40) % 3 == 0 && x % 40 < 12
        for channel in 0..<3 {
          bitmap.pixels[(y * 1000 + x) * 3 + channel] = isMark ? 40 : UInt8(120 + x / 10 + 10 * channel)
        }
      }
    }
    return DrawnPhotograph(bitmap: bitmap)
  }()

  private static func key(_ viewport: Viewport, _ pane: Size) -> PhotographPane.Key {
    let outlines = Sample.regions.enumerated().map {
      PhotographPane.Outline(region: $1, isCurrent: $0 == 1, isDecided: false)
    }
    return PhotographPane.Key(
      fragment: "f", photograph: 0, viewport: viewport, degrees: 0, size: pane, cellPixels: Size(width: 6, height: 12),
      enhancement: [], light: .all, outlines: outlines)
  }

  private static func viewport(_ scale: Double, x: Double, y: Double, _ pane: Size) -> Viewport {
    var view = Viewport()
    view.fit = .free
    view.scale = scale
    view.centre = Point(x: x, y: y)
    return view.settled(Size(width: 1000, height: 700), in: pane).onCells(in: pane)
  }

  /// Laid together they are what the pane is in one piece: no seam, no dark column where they join.
  @Test(arguments: [0.3, 1.0, 2.7, 6.1, 9.5]) func partsJoin(_ scale: Double) throws {
    let area = Area(x: 5, y: 2, width: 50, height: 20)
    let pane = Size(width: area.width, height: area.height)
    let key = Self.key(Self.viewport(scale, x: 430, y: 260, pane), pane)
    var parts = PhotographParts()
    let pictures = try parts.pictures(of: Self.photograph, key, in: area, ImageCells(depth: .direct))
    let whole = try PhotographPane.paint(Self.photograph, key)
    var sum = 0
    var covered = [Bool](repeating: false, count: whole.width * whole.height)
    for picture in pictures {
      for y in (picture.seen.y - 2) * 12..<(picture.seen.maxY - 2) * 12 {
        for x in (picture.seen.x - 5) * 6..<(picture.seen.maxX - 5) * 6 {
          let from = (y - (picture.area.y - 2) * 12) * picture.pixels.width + x - (picture.area.x - 5) * 6
          #expect(!covered[y * whole.width + x])
          covered[y * whole.width + x] = true
          for channel in 0..<3 {
            sum += abs(
              Int(picture.pixels.samples[3 * from + channel]) - Int(whole.samples[3 * (y * whole.width + x) + channel]))
          }
        }
      }
    }
    #expect(covered.allSatisfy { $0 })
    let mean = Double(sum) / Double(whole.samples.count)
    #expect(mean < 6, "they differ by \(mean) of 255")
  }

  /// A step aside shows the same parts and a few new ones; a step back, and whatever comes again, nothing new.
  @Test func aStepShowsFewNewParts() throws {
    let area = Area(x: 0, y: 0, width: 100, height: 30)
    let pane = Size(width: area.width, height: area.height)
    var parts = PhotographParts()
    func show(_ x: Double) throws -> Set<Pixels> {
      let key = Self.key(Self.viewport(1, x: x, y: 300, pane), pane)
      return Set(
        try parts.pictures(of: Self.photograph, key, in: area, ImageCells(depth: .direct)).map(\.pixels))
    }
    let first = try show(300)
    let second = try show(320)
    #expect(second.subtracting(first).count <= second.count / 3)
    #expect(try show(300) == first)
  }

  @Test(arguments: [Size(width: 20, height: 8), Size(width: 116, height: 30), Size(width: 500, height: 200)])
  func aGridHasRoomForThem(_ pane: Size) throws {
    let key = Self.key(Self.viewport(0.5, x: 500, y: 350, pane), pane)
    var parts = PhotographParts()
    let area = Area(x: 0, y: 0, width: pane.width, height: pane.height)
    let pictures = try parts.pictures(of: Self.photograph, key, in: area, ImageCells(depth: .direct))
    #expect(pictures.count <= 160)
    var grid = Grid(pane)
    for picture in pictures { grid.put(picture) }
    #expect(grid.cells.allSatisfy { $0.picture != nil })
  }
}
