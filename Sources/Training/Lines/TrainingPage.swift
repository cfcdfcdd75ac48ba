import Raster

/// A photograph whose lines are known, to train the line finder on.
public struct TrainingPage: Sendable {
  public struct Line: Sendable {
    /// From the start of the line to its end, in pixels.
    public var baseline: [Point]
    /// Height of the small letters, in pixels.
    public var xHeight: Double

    public init(baseline: [Point], xHeight: Double) {
      self.baseline = baseline
      self.xHeight = xHeight
    }
  }

  public let name: String
  public let lines: [Line]
  /// The photograph, in colour, and each time half as large.
  let levels: [Bitmap]
  /// How much of each pixel is sheet: 255 all, 0 none, 128 where that is not known.
  let sheet: Bitmap
  /// Whether `sheet` was drawn with the photograph, and not guessed from it.
  let isDrawn: Bool

  /// Letters need not be larger than this in pixels: the photograph is reduced, and what is drawn from it never enlarged much.
  private static let largestXHeight = 20.0

  public init(name: String, image: Bitmap, lines: [Line], sheet: Bitmap? = nil) {
    self.name = name
    let heights = lines.map(\.xHeight).sorted()
    let usual = heights.isEmpty ? Self.largestXHeight : heights[heights.count / 2]
    let scale = min(1, Self.largestXHeight / usual)
    let (width, height) = (max(1, Int(Double(image.width) * scale)), max(1, Int(Double(image.height) * scale)))
    let (x, y) = (Double(width) / Double(image.width), Double(height) / Double(image.height))
    self.lines = lines.filter { $0.baseline.count >= 2 }.map { line in
      Line(baseline: line.baseline.map { Point(x: $0.x * x, y: $0.y * y) }, xHeight: line.xHeight * scale)
    }
    var levels = [image.colour().scaled(width: width, height: height)]
    while let last = levels.last, min(last.width, last.height) > 64, levels.count < 5 {
      levels.append(last.scaled(width: last.width / 2, height: last.height / 2))
    }
    self.levels = levels
    isDrawn = sheet != nil
    self.sheet = sheet?.scaled(width: width, height: height) ?? Self.sheet(of: levels[0])
  }

  /// On a white ground what is white or a pure grey is ground or a banner, and what is brown is sheet; of the rest, and on other grounds, nothing
  /// is known.
  private static func sheet(of image: Bitmap) -> Bitmap {
    var sheet = Bitmap(width: image.width, height: image.height, filledWith: 128)
    func pixel(_ x: Int, _ y: Int) -> (red: Int, least: Int, blue: Int) {
      let at = (y * image.width + x) * 3
      let (red, green, blue) = (Int(image.pixels[at]), Int(image.pixels[at + 1]), Int(image.pixels[at + 2]))
      return (red, min(red, green, blue), blue)
    }
    let rows = stride(from: 0, to: image.height, by: max(1, image.height / 100))
    let white = rows.reduce(0) {
      $0 + (pixel(0, $1).least > 238 ? 1 : 0) + (pixel(image.width - 1, $1).least > 238 ? 1 : 0)
    }
    guard white > 60 else { return sheet }
    for y in 0..<image.height {
      for x in 0..<image.width {
        let (red, least, blue) = pixel(x, y)
        sheet.pixels[y * image.width + x] =
          least > 236 || (least > 150 && abs(red - blue) < 9) ? 0 : red - blue > 20 ? 255 : 128
      }
    }
    return sheet
  }

  var image: Bitmap { levels[0] }

  /// The middle x-height; that of ordinary writing where there is no line.
  var xHeight: Double {
    let heights = lines.map(\.xHeight).sorted()
    return heights.isEmpty ? Self.largestXHeight / 2 : heights[heights.count / 2]
  }
}
