/// The few colours that a picture has beside the greys, where there are 256.
///
/// The cube of the xterm palette has only some browns and they lie far apart: drawn in the nearest of all 256 a sheet is a checkerboard of peach,
/// green and purple in which no letter can be read, and greys alone lose half to three times as much again of a picture. So a picture takes the greys and
/// those few colours that bring most back of what the greys lose, all of the sheet's hue and none of them darker than the first by more than a quarter: the
/// sheet has its colours, its shadows too, and all that is darker, ink above all, is grey on it. How bright a colour is counts more than its hue, for ink
/// is told from the sheet by it.
public struct SheetTones: Hashable, Sendable {
  /// Entries of the palette, the one that brings most first.
  let entries: [UInt8]

  private static let most = 4
  /// The share of the squared error that a further colour must take away.
  private static let leastGain: Float = 0.03
  /// How dark a further colour may be, as a share of the first one's brightness.
  private static let darkest: Float = 0.75
  /// How far a colour's hue may lie from that of the picture: the cosine of 45 degrees. With 35 a drawn sheet lost a third more,
  /// photographs a hundredth.
  private static let leastLikeness: Float = 0.7

  static let none = SheetTones(entries: [])

  private init(entries: [UInt8]) { self.entries = entries }

  /// Greedily: each colour is the one that leaves the least error. Linear in the pixels.
  public init(of pixels: Pixels) {
    guard pixels.channels == 3 else {
      self = .none
      return
    }
    // Sixteen shades of each sample tell enough.
    var counts = [Float](repeating: 0, count: 1 << 12)
    pixels.samples.withUnsafeBufferPointer { samples in
      for at in stride(from: 0, to: samples.count - 2, by: 3) {
        counts[Int(samples[at] >> 4) << 8 | Int(samples[at + 1] >> 4) << 4 | Int(samples[at + 2] >> 4)] += 1
      }
    }
    let bins = counts.indices.filter { counts[$0] > 0 }
    let colours = bins.map { bin in
      SIMD4<Float>(Float(bin >> 8), Float(bin >> 4 & 15), Float(bin & 15), 0) * 16 + SIMD4(8, 8, 8, 0)
    }
    var errors = colours.map { Self.distance($0, Self.colour(Self.grey(of: $0))) }
    var hue = SIMD2<Float>(repeating: 0)
    for (colour, bin) in zip(colours, bins) { hue += Self.hue(of: colour) * counts[bin] }
    let candidates = (UInt8(16)...231).filter {
      Self.likeness(Self.hue(of: Self.colour($0)), hue) >= Self.leastLikeness
    }
    var entries: [UInt8] = []
    var first: Float?
    while entries.count < Self.most {
      let left = zip(bins, errors).reduce(Float(0)) { $0 + counts[$1.0] * $1.1 }
      var best: (entry: UInt8, left: Float)?
      for entry in candidates where !entries.contains(entry) {
        let colour = Self.colour(entry)
        if let first, Self.brightness(colour) < Self.darkest * first { continue }
        var sum: Float = 0
        for (at, bin) in bins.enumerated() { sum += counts[bin] * min(errors[at], Self.distance(colours[at], colour)) }
        if sum < best?.left ?? .infinity { best = (entry, sum) }
      }
      guard let best, best.left < (1 - Self.leastGain) * left else { break }
      entries.append(best.entry)
      let colour = Self.colour(best.entry)
      if first == nil { first = Self.brightness(colour) }
      for at in errors.indices { errors[at] = min(errors[at], Self.distance(colours[at], colour)) }
    }
    self.entries = entries
  }

  /// The entry of the palette that comes nearest among the greys and these. Constant time.
  func nearest(_ colour: SIMD4<Float>) -> UInt8 {
    var best = Self.grey(of: colour)
    guard !entries.isEmpty else { return best }
    var least = Self.distance(colour, Self.colour(best))
    for entry in entries {
      let distance = Self.distance(colour, Self.colour(entry))
      if distance < least { (best, least) = (entry, distance) }
    }
    return best
  }

  /// Squared, what is brighter or darker counted once more.
  @inline(__always)
  private static func distance(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> Float {
    let off = a - b
    let brighter = brightness(off)
    return (off * off).sum() + brighter * brighter
  }

  /// How much redder than green a colour is, and how much yellower than blue; nothing for a grey.
  private static func hue(of colour: SIMD4<Float>) -> SIMD2<Float> {
    SIMD2(colour.x - colour.y, (colour.x + colour.y) / 2 - colour.z)
  }

  /// The cosine between two hues; -1 where one is none.
  private static func likeness(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Float {
    let lengths = ((a * a).sum() * (b * b).sum()).squareRoot()
    return lengths > 0 ? (a * b).sum() / lengths : -1
  }

  /// The nearest grey by that distance.
  @inline(__always)
  private static func grey(of colour: SIMD4<Float>) -> UInt8 {
    Palette.nearestGrey(UInt8(max(0, min(255, (colour.sum() + brightness(colour)) / 4 + 0.5))))
  }

  /// Brightness as the eye weighs it (Rec. 601).
  @inline(__always)
  static func brightness(_ colour: SIMD4<Float>) -> Float { (colour * SIMD4<Float>(0.299, 0.587, 0.114, 0)).sum() }

  @inline(__always)
  static func colour(_ entry: UInt8) -> SIMD4<Float> { colours[Int(entry)] }

  private static let colours: [SIMD4<Float>] = (0...255).map { entry in
    let (red, green, blue) = Palette.components(UInt8(entry))
    return SIMD4(Float(red), Float(green), Float(blue), 0)
  }
}
