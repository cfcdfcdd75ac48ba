import Glibc
import Inference
import Platform
import Raster
import Synchronization

/// A part of a page as the network is to see it, and what it should say.
struct PageCrop: Sendable {
  var image: PageImage
  var truth: LinesTruth
}

/// Cuts parts out of pages, as other photographers might have taken them: at other scales, turned, bent, in other light, sharp or not.
struct PageCrops: Sendable {
  private let sources: Mixture<any TrainingPages>
  let seed: UInt64
  /// Side in pixels.
  let side: Int
  /// Pages that were drawn lately: several crops are cut from each.
  private let cache = Cache()

  init(sources: [(pages: any TrainingPages, weight: Double)], seed: UInt64, side: Int) {
    self.sources = Mixture(sources.map { (source: $0.pages, share: $0.weight) })
    self.seed = seed
    self.side = side
  }

  private final class Cache: Sendable {
    private let pages = Mutex<[(source: Int, number: UInt64, page: TrainingPage)]>([])

    func page(_ source: Int, _ number: UInt64, _ make: () -> TrainingPage) -> TrainingPage {
      let known = pages.withLock { pages in pages.first { $0.source == source && $0.number == number }?.page }
      if let known { return known }
      let page = make()
      pages.withLock { pages in
        pages.append((source, number, page))
        if pages.count > 16 { pages.removeFirst() }
      }
      return page
    }
  }

  /// Crop `number` of the run.
  func crop(_ number: UInt64) -> PageCrop {
    var chance = Chance(seed: seed, lane: number)
    let (source, pages, share) = sources.draw(&chance)
    if pages.cropsPerPage == 1 {
      return Self.crop(of: pages.page(chance.next()), side: side, &chance)
    }
    // Crops of eight pages are mixed, so that a step's are not all of one.
    let block = UInt64(Double(number) * share) / UInt64(8 * pages.cropsPerPage)
    let page = block * 8 + UInt64(chance.below(8))
    return Self.crop(of: cache.page(source, page) { pages.page(page) }, side: side, &chance)
  }

  /// One crop of a page.
  static func crop(of page: TrainingPage, side: Int, _ chance: inout Chance) -> PageCrop {
    // Mostly about the size the network sees best; now and then far from it, for the first look at a photograph.
    let xHeight =
      chance.happens(0.72)
      ? LinesConfig.usualXHeight * exp(chance.uniform(-0.4, 0.4)) : exp(chance.uniform(log(3.2), log(26)))
    let anchor = page.lines.isEmpty || chance.happens(0.3) ? nil : page.lines[chance.below(page.lines.count)]
    let scale = max(0.45, (anchor?.xHeight ?? page.xHeight) / xHeight)
    var centre = Point(
      x: chance.unit() * Double(page.image.width), y: chance.unit() * Double(page.image.height))
    if let anchor {
      let (a, t) = (chance.below(anchor.baseline.count - 1), chance.unit())
      let (p, q) = (anchor.baseline[a], anchor.baseline[a + 1])
      let spread = 0.4 * Double(side) * scale
      centre = Point(
        x: p.x + t * (q.x - p.x) + chance.uniform(-spread, spread),
        y: p.y + t * (q.y - p.y) + chance.uniform(-spread, spread))
    }
    let quarter = chance.happens(0.82) ? 0 : 1 + chance.below(3)
    let angle = Double(quarter) * .pi / 2 + (chance.happens(0.8) ? 0.04 : 0.15) * chance.normal()
    let view = PageView(
      centre: centre, scale: scale, stretch: exp(0.08 * chance.normal()), angle: angle, side: side,
      swing: chance.happens(0.3) ? chance.uniform(0, 0.5) * xHeight : 0,
      wave: chance.uniform(10, 40) * xHeight, phase: chance.uniform(0, 2 * .pi))
    var photograph = view.photograph(page, beyond: chance.happens(0.5) ? nil : UInt8(chance.below(256)))
    var lines: [TrainingPage.Line] = []
    for line in page.lines { lines.append(view.line(line)) }
    // Seen in a mirror every hand is another one; lines then run the other way.
    if chance.happens(0.3) {
      photograph.mirror(side: side)
      for index in lines.indices {
        lines[index].baseline = lines[index].baseline.reversed().map { Point(x: Double(side) - $0.x, y: $0.y) }
      }
    }
    var truth = LinesTruth(
      width: side / LinesConfig.pixelsPerPlace, height: side / LinesConfig.pixelsPerPlace, lines: lines)
    CropDarkroom.disturb(&photograph, side: side, xHeight: xHeight, &chance)
    for y in 0..<truth.height {
      for x in 0..<truth.width {
        let share = photograph.sheet[(2 * y + 1) * side + 2 * x + 1]
        if share < 80 || share > 176 { truth[y * truth.width + x, .sheet] = share > 127 ? 1 : 0 }
      }
    }
    let image = PageImage(Bitmap(width: side, height: side, channels: 3, pixels: photograph.pixels))
    return PageCrop(image: image, truth: truth)
  }
}

/// How a crop lies on its page.
struct PageView {
  let centre: Point
  /// Pixels of the page to one of the crop; across the writing `stretch` times as many.
  let scale: Double
  let stretch: Double
  let angle: Double
  let side: Int
  /// Lines swing up and down by so much, in pixels of the crop, over waves so long.
  let swing: Double
  let wave: Double
  let phase: Double

  struct Photograph {
    var pixels: [UInt8]
    /// As `TrainingPage.sheet`.
    var sheet: [UInt8]
    var isDrawn: Bool

    mutating func mirror(side: Int) {
      for row in stride(from: 0, to: side * side, by: side) {
        for x in 0..<side / 2 {
          let (left, right) = (row + x, row + side - 1 - x)
          sheet.swapAt(left, right)
          for c in 0..<3 { pixels.swapAt(3 * left + c, 3 * right + c) }
        }
      }
    }
  }

  private func sink(_ x: Double) -> Double { swing * sin(2 * .pi * x / wave + phase) }

  /// A point of the page on the crop.
  func onCrop(_ point: Point) -> Point {
    let (dx, dy) = ((point.x - centre.x) / scale, (point.y - centre.y) / scale)
    let x = (dx * cos(angle) + dy * sin(angle)) * stretch + Double(side) / 2
    let y = -dx * sin(angle) + dy * cos(angle) + Double(side) / 2
    return Point(x: x, y: y + sink(x))
  }

  func line(_ line: TrainingPage.Line) -> TrainingPage.Line {
    // Long pieces are divided, so that they can bend.
    var points: [Point] = []
    for (a, b) in zip(line.baseline, line.baseline.dropFirst()) {
      let pieces = max(1, Int(hypot(b.x - a.x, b.y - a.y) / (24 * scale)))
      for piece in 0..<pieces {
        let t = Double(piece) / Double(pieces)
        points.append(onCrop(Point(x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y))))
      }
    }
    points.append(onCrop(line.baseline[line.baseline.count - 1]))
    return TrainingPage.Line(baseline: points, xHeight: line.xHeight / scale)
  }

  /// The crop's pixels, drawn from the reduction of the page that is nearest in scale; beyond the page its border, or a grey.
  func photograph(_ page: TrainingPage, beyond grey: UInt8?) -> Photograph {
    var level = 0
    while level + 1 < page.levels.count && Double(1 << (level + 1)) <= 1.2 * scale { level += 1 }
    let image = page.levels[level]
    let (fx, fy) = (
      Double(image.width) / Double(page.image.width), Double(image.height) / Double(page.image.height)
    )
    var pixels = [UInt8](repeating: grey ?? 0, count: side * side * 3)
    var sheet = [UInt8](repeating: 0, count: side * side)
    let (cosine, sine) = (cos(angle), sin(angle))
    image.pixels.withUnsafeBufferPointer { source in
      pixels.withUnsafeMutableBufferPointer { out in
        for v in 0..<side {
          for u in 0..<side {
            let x = (Double(u) + 0.5 - Double(side) / 2) / stretch
            let y = Double(v) + 0.5 - Double(side) / 2 - sink(Double(u) + 0.5)
            let px = centre.x + scale * (x * cosine - y * sine)
            let py = centre.y + scale * (x * sine + y * cosine)
            let isOutside = px < 0 || py < 0 || px >= Double(page.image.width) || py >= Double(page.image.height)
            if isOutside && grey != nil { continue }
            if !isOutside { sheet[v * side + u] = page.sheet.pixels[Int(py) * page.sheet.width + Int(px)] }
            let sx = max(0, min(Double(image.width) - 1.001, px * fx - 0.5))
            let sy = max(0, min(Double(image.height) - 1.001, py * fy - 0.5))
            let (x0, y0) = (Int(sx), Int(sy))
            let (tx, ty) = (Float(sx - Double(x0)), Float(sy - Double(y0)))
            let (right, down) = (x0 + 1 < image.width ? 3 : 0, y0 + 1 < image.height ? image.width * 3 : 0)
            let from = (y0 * image.width + x0) * 3
            for c in 0..<3 {
              let a = Float(source[from + c]) * (1 - tx) + Float(source[from + right + c]) * tx
              let b = Float(source[from + down + c]) * (1 - tx) + Float(source[from + down + right + c]) * tx
              out[(v * side + u) * 3 + c] = UInt8(a * (1 - ty) + b * ty + 0.5)
            }
          }
        }
      }
    }
    return Photograph(pixels: pixels, sheet: sheet, isDrawn: page.isDrawn)
  }
}
