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
  /// True on the papyrus (holes included), false on the background and on cards and rulers beside it.
  public let sheet: [Bool]

  /// - Parameters:
  ///   - reduction: photograph pixels per pixel, at least 1.
  ///   - closing: side, in reduced pixels, above which a solid dark patch is a hole or a stain and no ink.
  public init(_ photograph: Bitmap, reduction: Int, closing: Int) {
    let planes = ReducedPlanes(photograph, reduction: max(1, reduction))
    self.init(planes, closing: closing)
  }

  init(_ planes: ReducedPlanes, closing: Int) {
    width = planes.width
    height = planes.height
    reduction = planes.reduction
    guard width >= 8, height >= 8 else {
      sheet = [Bool](repeating: false, count: width * height)
      ink = [Float](repeating: 0, count: width * height)
      return
    }
    let found = SheetMask(planes)
    let grey = GreyField(
      width: width, height: height, reduction: Double(reduction), values: planes.grey(on: found.mask))
    let slow = grey.slidingGround(cell: max(12, 2 * closing))
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
    PageInk.normaliseContrast(&darkness, on: found.mask)
    sheet = found.mask
    ink = darkness
  }

  /// As for strips, with the histogram taken on the sheet only.
  private static func normaliseContrast(_ darkness: inout [Float], on mask: [Bool]) {
    var levels: [Float] = []
    levels.reserveCapacity(darkness.count)
    for index in darkness.indices where mask[index] { levels.append(darkness[index]) }
    guard let range = InkMap.contrast(of: levels) else { return }
    let gain = 1 / (range.full - range.none)
    darkness.withUnsafeMutableBufferPointer { out in
      for index in 0..<out.count { out[index] = min(1, max(0, (out[index] - range.none) * gain)) }
    }
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
