import Raster

/// Finds where the papyrus is gone in a line: columns that show the backing, not the sheet.
///
/// The backing's colour is taken from the border of the photograph, the sheet's from its inside. Where both look alike (a photograph
/// cut to the sheet) no holes are found: none are invented.
struct HoleFinder {
  private let backing: [Double]
  private let sheet: [Double]
  private let isTold: Bool

  /// Squared distance of colours below which backing and sheet are not told apart.
  private static let leastDistance = 45.0 * 45.0

  init(_ photograph: Bitmap) {
    let (width, height, channels) = (photograph.width, photograph.height, photograph.channels)
    var border: [[UInt8]] = []
    var inside: [[UInt8]] = []
    func pixel(_ x: Int, _ y: Int) -> [UInt8] {
      let start = (y * width + x) * channels
      return Array(photograph.pixels[start..<start + channels])
    }
    if width > 8 && height > 8 {
      for k in 0..<200 {
        let (x, y) = (k * (width - 1) / 199, k * (height - 1) / 199)
        border += [pixel(x, 1), pixel(x, height - 2), pixel(1, y), pixel(width - 2, y)]
      }
      for k in 0..<30 {
        for j in 0..<30 {
          inside.append(pixel(width / 4 + k * (width / 2) / 30, height / 4 + j * (height / 2) / 30))
        }
      }
    }
    backing = Self.median(border, channels)
    sheet = Self.median(inside, channels)
    let apart = Self.distance(backing, sheet)
    isTold = apart * 3 / Double(max(1, channels)) >= Self.leastDistance
  }

  private static func median(_ pixels: [[UInt8]], _ channels: Int) -> [Double] {
    (0..<channels).map { channel in
      let sorted = pixels.map { $0[channel] }.sorted()
      return sorted.isEmpty ? 0 : Double(sorted[sorted.count / 2])
    }
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  /// Whether the pixel at `place` is much nearer to the backing's colour than to the sheet's.
  private func showsBacking(_ image: Bitmap, _ place: Int) -> Bool {
    var (toBacking, toSheet) = (0.0, 0.0)
    for channel in 0..<image.channels {
      let value = Double(image.pixels[place + channel])
      toBacking += (value - backing[channel]) * (value - backing[channel])
      toSheet += (value - sheet[channel]) * (value - sheet[channel])
    }
    return toBacking * 4 < toSheet
  }

  /// Runs of strip columns that are hole: nearly all between the tops of small letters and the baseline shows the backing.
  func holes(in strip: LineStrip, xHeight: Double, leastWidth: Double) -> [Range<Int>] {
    guard isTold else { return [] }
    let image = strip.image
    let top = max(0, Int(strip.baseline - 1.15 * xHeight))
    let bottom = min(image.height, Int(strip.baseline + 0.15 * xHeight))
    guard bottom - top >= 4 else { return [] }
    var runs: [Range<Int>] = []
    var start: Int?
    for x in 0...image.width {
      var isHole = false
      if x < image.width {
        var shown = 0
        for y in top..<bottom where showsBacking(image, (y * image.width + x) * image.channels) { shown += 1 }
        isHole = shown * 20 >= (bottom - top) * 17
      }
      if isHole {
        if start == nil { start = x }
      } else if let from = start {
        if Double(x - from) >= leastWidth { runs.append(from..<x) }
        start = nil
      }
    }
    return runs
  }
}
