import Corpus
import Glibc
import Inference

/// Where writing runs up or down a photograph beside that which runs across: notes and addresses along the side of a sheet.
///
/// As the line finder sees it while it looks for lines across; the lines themselves are found on the photograph turned by a quarter, at the same scale.
struct AsideWriting: Hashable, Sendable {
  /// Pixels of the photograph to one that the network saw.
  let reduction: Double
  private let width: Int
  private let height: Int
  /// Pixels of the photograph to a place.
  private let scaleX: Double
  private let scaleY: Double
  /// Whether writing at a place runs up or down.
  private let places: [Bool]
  /// How far from a line such places may lie: the network does not know which end of the letters is up, and may see the baseline at their tops.
  private let reach: Int

  /// Length of baseline from which on it is worth a look, in x-heights, and what is seen of one's thickness, in places.
  private static let (least, thickness) = (8.0, 1.4)
  /// Places where a baseline is likelier than this are counted as writing.
  private static let likely: Float = 0.4
  /// The share of a line's length that must lie where writing was seen to run so.
  private static let share = 0.6

  /// nil where next to no writing runs up or down.
  ///
  /// - Parameter xHeight: in pixels that the network saw.
  init?(on map: LineMap, reduction: Double, xHeight: Double) {
    (width, height, scaleX, scaleY) = (map.width, map.height, map.scaleX, map.scaleY)
    self.reduction = reduction
    reach = 1 + Int(xHeight) / LinesConfig.pixelsPerPlace
    places = map.baseline.indices.map { map.baseline[$0] > Self.likely && !map.runsAcross[$0] }
    let wanted = Self.least * Self.thickness * xHeight / Double(LinesConfig.pixelsPerPlace)
    guard Double(places.count { $0 }) >= wanted else { return nil }
  }

  /// Whether a line that was found on the turned photograph runs where such writing was seen.
  func holds(_ line: LineRegion) -> Bool {
    var (seen, all) = (0, 0)
    for (a, b) in zip(line.baseline, line.baseline.dropFirst()) {
      let steps = max(1, Int(hypot((b.x - a.x) / scaleX, (b.y - a.y) / scaleY)))
      for step in 0..<steps {
        let t = (Double(step) + 0.5) / Double(steps)
        all += 1
        if isMarked(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)) { seen += 1 }
      }
    }
    return all > 0 && Double(seen) >= Self.share * Double(all)
  }

  /// Whether a place is marked, or one of those about it.
  private func isMarked(_ x: Double, _ y: Double) -> Bool {
    let (column, row) = (max(0, min(width - 1, Int(x / scaleX))), max(0, min(height - 1, Int(y / scaleY))))
    for v in max(0, row - reach)...min(height - 1, row + reach) {
      for u in max(0, column - reach)...min(width - 1, column + reach) where places[v * width + u] { return true }
    }
    return false
  }
}
