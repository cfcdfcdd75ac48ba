/// The colour of what lies behind the papyrus on a photograph, and how it is told from the sheet.
///
/// The sheet's colour is the middle one of the photograph's inside; the backing's is the commonest colour along the border that differs
/// clearly from it. A photograph cut out of the middle of a sheet has none.
public struct Backing: Sendable {
  private let backing: [Double]
  private let sheet: [Double]
  /// Whether it is brighter than the sheet; a dark one looks like ink.
  public var isBrighter: Bool { backing.reduce(0, +) > sheet.reduce(0, +) }
  /// Whether a backing was found at all.
  public let isTold: Bool

  /// Squared distance of colours, three channels, below which backing and sheet are not told apart.
  private static let leastDistance = 45.0 * 45.0
  /// The share of the border that must show it.
  private static let leastShare = 0.08

  public init(_ photograph: Bitmap) {
    let (width, height, channels) = (photograph.width, photograph.height, photograph.channels)
    var border: [[UInt8]] = []
    var inside: [[UInt8]] = []
    func pixel(_ x: Int, _ y: Int) -> [UInt8] {
      let start = (y * width + x) * channels
      return Array(photograph.pixels[start..<start + channels])
    }
    if width > 8 && height > 8 {
      // The same places whichever way up the photograph lies.
      for k in 0..<200 {
        let (x, y) = ((2 * k + 1) * width / 400, (2 * k + 1) * height / 400)
        border += [pixel(x, 1), pixel(x, height - 2), pixel(1, y), pixel(width - 2, y)]
      }
      for k in 0..<30 {
        for j in 0..<30 {
          inside.append(pixel((31 + 2 * k) * width / 120, (31 + 2 * j) * height / 120))
        }
      }
    }
    let sheet = Self.middle(inside, channels)
    let least = Self.leastDistance * Double(channels) / 3
    // Colours along the border in boxes of 16 levels; the box that most of them fall into.
    var boxes: [[UInt8]: [[UInt8]]] = [:]
    for colour in border where Self.distance(colour.map(Double.init), sheet) >= least {
      boxes[colour.map { $0 >> 4 }, default: []].append(colour)
    }
    let commonest = boxes.max { a, b in
      a.value.count != b.value.count ? a.value.count < b.value.count : b.key.lexicographicallyPrecedes(a.key)
    }?.value
    let shown = boxes.values.reduce(0) { $0 + $1.count }
    self.sheet = sheet
    backing = commonest.map { Self.middle($0, channels) } ?? sheet
    isTold = commonest != nil && Double(shown) >= Self.leastShare * Double(border.count)
  }

  private static func middle(_ pixels: [[UInt8]], _ channels: Int) -> [Double] {
    (0..<channels).map { channel in
      let sorted = pixels.map { $0[channel] }.sorted()
      return sorted.isEmpty ? 0 : Double(sorted[sorted.count / 2])
    }
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  /// Whether the pixel whose first channel stands at `place` is much nearer to the backing's colour than to the sheet's.
  @inline(__always) public func shows(at place: Int, of pixels: UnsafeBufferPointer<UInt8>, channels: Int) -> Bool {
    guard isTold else { return false }
    var (toBacking, toSheet) = (0.0, 0.0)
    for channel in 0..<channels {
      let value = Double(pixels[place + channel])
      toBacking += (value - backing[channel]) * (value - backing[channel])
      toSheet += (value - sheet[channel]) * (value - sheet[channel])
    }
    return toBacking * 4 < toSheet
  }
}
