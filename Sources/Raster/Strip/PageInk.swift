import Glibc

/// The ink of a whole photograph at reduced scale, and where its writing support (the sheet) lies.
///
/// Museum background, colour cards, rulers, holes and uneven light are taken out as far as their colour tells; what
/// layout then looks for is lines of ink. Rows from the top, `width x height`; one pixel stands for `reduction` by
/// `reduction` of the photograph.
///
/// Cost: one pass over the photograph and about 60 ns a reduced pixel.
public struct PageInk: Sendable {
  public let width: Int
  public let height: Int
  public let reduction: Int
  /// Darkness against the ground nearby, 0 ... 1; 0 off the sheet.
  public let ink: [Float]
  /// True on the papyrus, false on the background, in holes and on cards and rulers beside it.
  public let sheet: [Bool]
  /// True where the background shows, beside the papyrus and through its holes; nowhere where no background was told apart.
  public let void: [Bool]

  fileprivate init(_ source: PageSource, closing: Int) {
    width = source.width
    height = source.height
    reduction = source.reduction
    let found = source.mask
    guard width >= 8, height >= 8 else {
      sheet = [Bool](repeating: false, count: width * height)
      void = sheet
      ink = [Float](repeating: 0, count: width * height)
      return
    }
    let known = source.hasBackground
    let grey = source.grey
    let slow = grey.slidingGround(cell: max(16, 2 * closing))
    let filled = grey.closedHalf(size: closing)
    var darkness = [Float](repeating: 0, count: width * height)
    let (width, height) = (width, height)
    grey.values.withUnsafeBufferPointer { value in
      slow.withUnsafeBufferPointer { slow in
        filled.field.withUnsafeBufferPointer { local in
          found.mask.withUnsafeBufferPointer { on in
            darkness.withUnsafeMutableBufferPointer { out in
              for y in 0..<height {
                let (row, half) = (y * width, (y / 2) * filled.width)
                for x in 0..<width where on[row + x] {
                  out[row + x] = min(slow[row + x], local[half + x / 2]) - value[row + x]
                }
              }
            }
          }
        }
      }
    }
    if !known {
      InkMap.clearHoles(&darkness, width: width, smooth: slow, filled: filled, radius: closing / 4 + 1)
    }
    PageInk.normaliseContrast(&darkness, on: found.mask, width: width)
    sheet = found.mask
    void = found.void
    ink = darkness
  }

  /// Maps darkness in grey levels to 0 ... 1, by levels that follow the ink where it fades from one part of the sheet to another.
  private static func normaliseContrast(_ darkness: inout [Float], on mask: [Bool], width: Int) {
    let height = darkness.count / width
    var histogram = [Int](repeating: 0, count: 512)
    var count = 0
    for index in darkness.indices where mask[index] {
      histogram[min(511, max(0, Int(darkness[index].rounded()) + 256))] += 1
      count += 1
    }
    guard count > 0 else { return }
    let levels = InkLevels(histogram: histogram, count: count)
    // Tiles a tenth of the sheet wide, each with its neighbours: the level that its darkest thirtieth reaches.
    let side = max(16, min(width, height) / 10)
    let (across, down) = (max(1, width / side), max(1, height / side))
    var tiles = [[Int32]](repeating: [Int32](repeating: 0, count: 128), count: across * down)
    for y in stride(from: 0, to: height, by: 2) {
      let row = min(down - 1, y * down / height) * across
      for x in stride(from: y / 2 % 2, to: width, by: 2) where mask[y * width + x] {
        tiles[row + min(across - 1, x * across / width)][min(127, max(0, Int(darkness[y * width + x])))] += 1
      }
    }
    var full = [Float](repeating: levels.full, count: across * down)
    for j in 0..<down {
      for i in 0..<across {
        var joined = [Int32](repeating: 0, count: 128)
        for jj in max(0, j - 1)...min(down - 1, j + 1) {
          for ii in max(0, i - 1)...min(across - 1, i + 1) {
            for bin in 0..<128 { joined[bin] += tiles[jj * across + ii][bin] }
          }
        }
        let total = joined.reduce(0, +)
        var (seen, level): (Int32, Int) = (0, 127)
        while level > 0 && 30 * (seen + joined[level]) < total {
          seen += joined[level]
          level -= 1
        }
        full[j * across + i] = min(1.25 * levels.full, max(levels.least, Float(level)))
      }
    }
    let columns = Resampler(from: across, to: width, start: 0, step: Double(across) / Double(width))
    let rows = Resampler(from: down, to: height, start: 0, step: Double(down) / Double(height))
    let local = rows.vertical(columns.horizontal(full, width: across), width: width)
    darkness.withUnsafeMutableBufferPointer { out in
      local.withUnsafeBufferPointer { local in
        for index in 0..<out.count {
          out[index] = min(1, max(0, (out[index] - levels.none) / (local[index] - levels.none)))
        }
      }
    }
  }
}

/// A photograph reduced to working scale, with its sheet told from the background: what `PageInk` is made from.
public struct PageSource: Sendable {
  public let width: Int
  public let height: Int
  /// Photograph pixels per pixel.
  public let reduction: Int
  /// Whether a background was told from the sheet; holes are then known by their colour.
  public let hasBackground: Bool
  fileprivate let mask: SheetMask
  fileprivate let grey: GreyField

  /// - Parameter reduction: photograph pixels per pixel, at least 1.
  public init(_ photograph: Bitmap, reduction: Int) {
    let planes = ReducedPlanes(photograph, reduction: max(1, reduction))
    (width, height) = (planes.width, planes.height)
    self.reduction = planes.reduction
    mask = SheetMask(planes)
    hasBackground = mask.hasBackground
    var values = planes.grey(on: mask.mask)
    if hasBackground { PageSource.cover(&values, mask.void, width: width) }
    grey = GreyField(width: width, height: height, reduction: Double(reduction), values: values)
  }

  /// Sets the ink off from the ground.
  ///
  /// - Parameter closing: side, in pixels here, of the smallest solid dark patch that is a stain or a hole and no ink: a little
  ///   more than the x-height.
  public func ink(closing: Int) -> PageInk { PageInk(self, closing: max(5, closing)) }

  /// Lays papyrus over what is no papyrus: in each row the level of the last sheet pixels, so that the ground filters see no edge.
  fileprivate static func cover(_ values: inout [Float], _ void: [Bool], width: Int) {
    var histogram = [Int](repeating: 0, count: 256)
    var count = 0
    for index in stride(from: 0, to: values.count, by: 5) where !void[index] {
      histogram[min(255, max(0, Int(values[index])))] += 1
      count += 1
    }
    var (seen, usual) = (0, 0)
    while usual < 255 && 5 * (seen + histogram[usual]) < 3 * count {
      seen += histogram[usual]
      usual += 1
    }
    values.withUnsafeMutableBufferPointer { out in
      void.withUnsafeBufferPointer { void in
        for index in 0..<out.count where void[index] { out[index] = Float(usual) }
      }
    }
  }
}

/// The darkness at which ink begins and at which it is full, from the histogram of a whole sheet.
struct InkLevels {
  /// Grey levels below the ground that are still its noise.
  var none: Float
  /// The middle one of the well-inked pixels.
  var full: Float
  /// No part of the sheet is judged by a lower level than this.
  var least: Float

  /// - Parameter histogram: whole grey levels of darkness from -256.
  init(histogram: [Int], count: Int) {
    var brighter = 0
    for level in 0..<256 { brighter += histogram[level] }
    var noise: Float = 2
    var sum = 0
    for level in stride(from: 255, through: 0, by: -1) where brighter > count / 50 {
      sum += histogram[level]
      if Double(sum) >= 0.68 * Double(brighter) {
        noise = max(2, Float(256 - level))
        break
      }
    }
    // The darkest hundredth may be rims and cracks; writing covers more than that, and faint writing must not pale beside them.
    var (seen, cap) = (0, 255)
    while cap > 12 && 120 * (seen + histogram[256 + cap]) < count {
      seen += histogram[256 + cap]
      cap -= 1
    }
    // Otsu's threshold between the noise and the cap.
    let floor = min(cap - 2, Int(noise))
    var (total, weighted) = (Double(seen), Double(seen * cap))
    for level in floor...cap {
      total += Double(histogram[256 + level])
      weighted += Double(histogram[256 + level] * level)
    }
    var (best, cut) = (-1.0, floor + 4)
    var (below, belowWeighted) = (0.0, 0.0)
    for level in floor..<cap {
      below += Double(histogram[256 + level])
      belowWeighted += Double(histogram[256 + level] * level)
      let above = total - below
      if below == 0 || above == 0 { continue }
      let difference = (weighted - belowWeighted) / above - belowWeighted / below
      let between = below * above * difference * difference
      if between > best { (best, cut) = (between, level) }
    }
    var dark = seen
    for level in min(cut, cap)...cap { dark += histogram[256 + level] }
    var (reached, middle) = (0, cut)
    for level in min(cut, cap)...cap {
      reached += histogram[256 + level]
      middle = level
      if 2 * reached >= dark { break }
    }
    none = 1.2 * noise
    full = max(Float(middle), 5 * noise, 14)
    least = max(0.55 * full, 4 * noise, 12)
  }
}

/// A photograph averaged down by a whole factor, one plane a channel.
struct ReducedPlanes {
  let width: Int
  let height: Int
  let reduction: Int
  /// One plane for grey, three for colour, `width x height` each.
  let planes: [[Float]]

  init(_ photograph: Bitmap, reduction: Int) {
    self.reduction = reduction
    let (width, height) = (photograph.width / reduction, photograph.height / reduction)
    (self.width, self.height) = (width, height)
    let channels = photograph.channels
    var planes = [[Float]](repeating: [Float](repeating: 0, count: width * height), count: channels)
    let rowBytes = photograph.width * channels
    let scale = 1 / Float(reduction * reduction)
    var sums = [UInt32](repeating: 0, count: width * channels)
    photograph.pixels.withUnsafeBufferPointer { source in
      sums.withUnsafeMutableBufferPointer { sum in
        for y in 0..<height {
          for index in 0..<sum.count { sum[index] = 0 }
          for line in 0..<reduction {
            var place = (y * reduction + line) * rowBytes
            if channels == 1 {
              for x in 0..<width {
                var a: UInt32 = 0
                for _ in 0..<reduction {
                  a &+= UInt32(source[place])
                  place += 1
                }
                sum[x] &+= a
              }
            } else {
              for x in 0..<width {
                var (a, b, c): (UInt32, UInt32, UInt32) = (0, 0, 0)
                for _ in 0..<reduction {
                  a &+= UInt32(source[place])
                  b &+= UInt32(source[place + 1])
                  c &+= UInt32(source[place + 2])
                  place += 3
                }
                sum[3 * x] &+= a
                sum[3 * x + 1] &+= b
                sum[3 * x + 2] &+= c
              }
            }
          }
          for channel in 0..<channels {
            planes[channel].withUnsafeMutableBufferPointer { out in
              for x in 0..<width { out[y * width + x] = Float(sum[x * channels + channel]) * scale }
            }
          }
        }
      }
    }
    self.planes = planes
  }

  /// One grey plane in which ink stands out: each channel counts by the distance from its dark end to its median on the sheet.
  func grey(on mask: [Bool]) -> [Float] {
    guard planes.count == 3 else { return planes[0] }
    var weights: [Float] = []
    for plane in planes {
      var histogram = [Int](repeating: 0, count: 256)
      var count = 0
      for index in stride(from: 0, to: plane.count, by: 7) where mask[index] {
        histogram[min(255, Int(plane[index]))] += 1
        count += 1
      }
      func quantile(_ share: Double) -> Int {
        var seen = 0
        for level in 0..<256 {
          seen += histogram[level]
          if Double(seen) >= share * Double(count) { return level }
        }
        return 255
      }
      let contrast = Float(max(1, quantile(0.6) - quantile(0.04)))
      weights.append(contrast * contrast)
    }
    let sum = weights.reduce(0, +)
    let (red, green, blue) = (weights[0] / sum, weights[1] / sum, weights[2] / sum)
    var out = planes[0]
    out.withUnsafeMutableBufferPointer { out in
      planes[1].withUnsafeBufferPointer { g in
        planes[2].withUnsafeBufferPointer { b in
          for index in 0..<out.count { out[index] = red * out[index] + green * g[index] + blue * b[index] }
        }
      }
    }
    return out
  }
}
