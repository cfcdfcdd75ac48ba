import Corpus
import Raster
import Terminal

/// The photograph cut into parts of so many cells, for screens that keep what they were shown.
///
/// Parts lie on the photograph, not on the window: when the view moves they are the same, and only those that come into sight are drawn and sent.
/// A step of panning is a fifth of the window. A cache and no state: all it holds can be drawn again.
struct PhotographParts: Sendable {
  private struct Kept: Sendable {
    var pixels: Pixels
    /// When it was seen last, in drawings.
    var time: Int
  }

  private var kept: [PhotographPane.Key: Kept] = [:]
  private var time = 0

  /// Cells of a part, in windows of usual size.
  private static let usual = Size(width: 12, height: 6)
  /// Parts that a screen is given at once.
  private static let most = 160
  private static let mostKept = 320

  /// Whether a view can be drawn in parts: a contrast that depends on all that is seen would show where they join.
  static func canPart(_ key: PhotographPane.Key) -> Bool { key.enhancement.isSubset(of: .invert) }

  /// Cells of a part for a pane of a size.
  static func size(for pane: Size) -> Size {
    var times = 1
    func count(_ length: Int, _ part: Int) -> Int { (length - 1) / part + 2 }
    while count(pane.width, times * usual.width) * count(pane.height, times * usual.height) > most { times += 1 }
    return Size(width: times * usual.width, height: times * usual.height)
  }

  /// The parts that fill a pane.
  ///
  /// - Precondition: `key.viewport` stands on whole cells (`Viewport.onCells`).
  mutating func pictures(
    of image: any ViewablePhotograph, _ key: PhotographPane.Key, in pane: Area, _ encoding: ImageCells
  ) throws -> [Picture] {
    time += 1
    let (size, scale) = (Self.size(for: key.size), key.viewport.scale)
    let seen = key.viewport.seen(in: key.size)
    // Where the pane begins, in cells of the photograph at this scale.
    let (left, top) = (Int((seen.x / scale).rounded()), Int((seen.y / (2 * scale)).rounded()))
    func floor(_ place: Int, _ step: Int) -> Int { place >= 0 ? place / step : -((step - 1 - place) / step) }
    var pictures: [Picture] = []
    for row in floor(top, size.height)...floor(top + key.size.height - 1, size.height) {
      for column in floor(left, size.width)...floor(left + key.size.width - 1, size.width) {
        let area = Area(
          x: pane.x + column * size.width - left, y: pane.y + row * size.height - top, width: size.width,
          height: size.height)
        let part = Self.key(of: key, column: column, row: row, size)
        if kept[part] == nil {
          kept[part] = Kept(pixels: try PhotographPane.paint(image, part, margin: 2), time: time)
        }
        kept[part]?.time = time
        if let pixels = kept[part]?.pixels {
          pictures.append(Picture(pixels, in: area, within: pane, encoding: encoding))
        }
      }
    }
    if kept.count > Self.mostKept {
      let times = kept.values.map(\.time).sorted()
      let oldest = times[times.count / 2]
      kept = kept.filter { $0.value.time == time || $0.value.time > oldest }
    }
    return pictures
  }

  /// What one part depends on: a view of its own, and the outlines that reach into it.
  private static func key(of key: PhotographPane.Key, column: Int, row: Int, _ size: Size) -> PhotographPane.Key {
    var part = key
    part.size = size
    part.viewport.fit = .free
    let scale = key.viewport.scale
    let (width, height) = (Double(size.width) * scale, Double(size.height) * 2 * scale)
    part.viewport.centre = Point(x: (Double(column) + 0.5) * width, y: (Double(row) + 0.5) * height)
    // Lines are a pixel wide, points three.
    let margin = 3 * scale
    let box = (
      left: part.viewport.centre.x - width / 2 - margin, right: part.viewport.centre.x + width / 2 + margin,
      top: part.viewport.centre.y - height / 2 - margin, bottom: part.viewport.centre.y + height / 2 + margin
    )
    part.outlines = key.outlines.filter { outline in
      let points = outline.region.polygon.points + outline.region.baseline
      guard let left = points.map(\.x).min(), let right = points.map(\.x).max(), let top = points.map(\.y).min(),
        let bottom = points.map(\.y).max()
      else { return false }
      // A line that is being drawn may lead anywhere.
      let isDrawn = outline.isCurrent && (key.drawing?.start ?? key.drawing?.ruler) != nil
      return isDrawn || left <= box.right && right >= box.left && top <= box.bottom && bottom >= box.top
    }
    if !part.outlines.contains(where: \.isCurrent) { part.drawing = nil }
    return part
  }
}
