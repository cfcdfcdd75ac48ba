import Raster
import Testing

@Suite struct PNGPartsTests {
  private func photograph(channels: Int) -> Bitmap {
    Bitmap(
      width: 53, height: 41, channels: channels,
      pixels: (0..<53 * 41 * channels).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7 &+ $0 / 3) })
  }

  /// The mean of every `factor` x `factor` pixels, said plainly.
  private func reduced(_ image: Bitmap, _ factor: Int) -> [UInt8] {
    let (width, height, channels) = (image.width / factor, image.height / factor, image.channels)
    var out: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          var sum = 0
          for dy in 0..<factor {
            for dx in 0..<factor {
              sum += Int(image.pixels[((y * factor + dy) * image.width + x * factor + dx) * channels + channel])
            }
          }
          out.append(UInt8((sum + factor * factor / 2) / (factor * factor)))
        }
      }
    }
    return out
  }

  @Test(arguments: [1, 3], 1...4)
  func partsAreWhatCroppingAndAveragingGive(channels: Int, factor: Int) throws {
    let image = photograph(channels: channels)
    try withFolder { folder in
      try PNG.write(image, to: folder + "/p.png")
      #expect(try PNG.read(path: folder + "/p.png", reducedBy: factor).pixels == reduced(image, factor))
      try check(folder + "/p.png", image, factor)
    }
  }

  private func check(_ path: String, _ image: Bitmap, _ factor: Int) throws {
    let rects = [
      Rect(x: 3, y: 5, width: 20, height: 11), Rect(x: -4, y: 30, width: 90, height: 60),
      Rect(x: 0, y: 0, width: 53, height: 1), Rect(x: 10, y: 4, width: 1, height: 37),
      Rect(x: 60, y: 3, width: 5, height: 5),
      Rect(x: 3, y: 70, width: 20, height: 11),
    ]
    var seen: [Int] = []
    try PNG.read(parts: rects, of: path, reducedBy: factor) { number, part in
      seen.append(number)
      let crop = image.cropped(rects[number])
      let pixels = crop.width == 0 || crop.height == 0 ? [] : reduced(crop, factor)
      #expect(part.pixels == pixels)
    }
    #expect(seen.sorted() == Array(rects.indices))
  }
}
