import Raster
import Synchronization
import Terminal
import Testing

@testable import Workbench

/// A photograph that notes what it is asked to make ready.
private final class NotedPhotograph: ViewablePhotograph {
  let (width, height) = (3000, 2000)
  let asked = Mutex<[(rect: Rect, width: Int, height: Int)]>([])

  func view(of rect: Rect, width: Int, height: Int) throws -> Bitmap {
    Bitmap(width: width, height: height, channels: 1)
  }
  func prepare(_ rect: Rect, width: Int, height: Int) { asked.withLock { $0.append((rect, width, height)) } }
}

@Suite struct ViewsAheadTests {
  /// Whatever key comes next, the pixels it shows lie in what was made ready, at no less than its scale.
  @Test(arguments: ["H", "L", "J", "K", "+"]) func theNextViewWasMadeReady(key: String) throws {
    let photograph = NotedPhotograph()
    let stage = try Stage(width: 120, height: 40)
    for key in ["Enter", "+", "+", "+", "L", "J"] { try stage.play(key) }
    func views() throws -> ViewsAhead {
      var space = stage.workspace
      space.desk?.image = .ready(photograph)
      return try #require(ViewsAhead(space))
    }
    let before = try views()
    #expect(before.isSame(as: try views()))
    before.prepare()
    let asked = photograph.asked.withLock { $0 }
    #expect(asked.count == 2)
    try stage.play(key)
    #expect(!before.isSame(as: try views()))
    let desk = try #require(stage.workspace.desk)
    let area = FragmentLayout(stage.workspace.size, desk).photograph
    let seen = desk.viewport.seen(in: Size(width: area.width, height: area.height))
    let pixels = Double(area.width * stage.workspace.cellPixels.width) / seen.width
    #expect(
      asked.contains { view in
        Double(view.rect.x) <= seen.x + 2 && Double(view.rect.maxX) >= seen.x + seen.width - 2
          && Double(view.rect.y) <= seen.y + 2 && Double(view.rect.maxY) >= seen.y + seen.height - 2
          && Double(view.width) / Double(view.rect.width) > 0.98 * pixels
      })
  }
}
