import Raster
import Terminal

/// What the next keys may show of the photograph: the view a step of panning further to every side, and a step nearer.
struct ViewsAhead: Sendable {
  /// What is seen now.
  private struct Seen: Equatable {
    var fragment: String
    var photograph: Int
    var viewport: Viewport
    /// A step nearer.
    var nearer: Viewport
    var size: Size
    var pixels: Size
  }

  let photograph: any ViewablePhotograph
  private let seen: Seen

  /// nil where nothing is seen, or the photograph is turned as it is shown: then views are made of larger ones.
  init?(_ space: Workspace) {
    guard let desk = space.desk, let sight = desk.sight, sight.turn.degrees == 0,
      let nearer = space.zoomed(by: Viewport.step)
    else { return nil }
    let area = FragmentLayout(space.size, desk).photograph
    guard !area.isEmpty else { return nil }
    photograph = sight.image
    seen = Seen(
      fragment: desk.fragment.id, photograph: sight.pixels, viewport: sight.viewport, nearer: nearer,
      size: Size(width: area.width, height: area.height),
      pixels: space.cellPixels)
  }

  func isSame(as other: ViewsAhead?) -> Bool { seen == other?.seen }

  func prepare() {
    prepare(seen.viewport, margin: Self.margin)
    prepare(seen.nearer, margin: 0)
  }

  /// A step of panning is a fifth of the window.
  private static let margin = 0.2

  /// - Parameter margin: Shares of the window on each side.
  private func prepare(_ viewport: Viewport, margin: Double) {
    let window = viewport.seen(in: seen.size)
    let (across, down) = (window.width * margin, window.height * margin)
    guard [window.x, window.y, window.width, window.height].allSatisfy({ abs($0) < 1e7 }) else { return }
    let rect = Rect(
      x: Int(window.x - across), y: Int(window.y - down), width: max(1, Int(window.width + 2 * across)),
      height: max(1, Int(window.height + 2 * down)))
    photograph.prepare(
      rect, width: Int(Double(seen.size.width * seen.pixels.width) * (1 + 2 * margin)),
      height: Int(Double(seen.size.height * seen.pixels.height) * (1 + 2 * margin)))
  }
}
