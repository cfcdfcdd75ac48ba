/// Fills what lies outside a line's polygon with the ground colour found beside it.
enum LineGround {
  /// - Parameter inside: true for the pixels that were taken from the photograph.
  static func fill(_ pixels: inout [UInt8], width: Int, height: Int, channels: Int, inside: [Bool]) {
    guard inside.contains(false) else { return }
    // The ground of blocks as wide as the strip is high: the median of each channel over the brighter two thirds.
    let block = max(8, height)
    let blocks = max(1, (width + block / 2) / block)
    var ground = [[Double]](repeating: [], count: blocks)
    for index in 0..<blocks {
      let from = index * width / blocks
      let to = (index + 1) * width / blocks
      var histograms = [Int](repeating: 0, count: 256 * channels)
      var count = 0
      for y in 0..<height {
        for x in from..<to where inside[y * width + x] {
          for channel in 0..<channels {
            histograms[channel * 256 + Int(pixels[(y * width + x) * channels + channel])] += 1
          }
          count += 1
        }
      }
      guard count >= 16 else { continue }
      ground[index] = (0..<channels).map { channel in
        var seen = 0
        for level in 0..<256 {
          seen += histograms[channel * 256 + level]
          if Double(seen) >= 0.62 * Double(count) { return Double(level) }
        }
        return 255
      }
    }
    // Blocks without a pixel of the line take their neighbour's colour.
    let known = ground.first { !$0.isEmpty } ?? [Double](repeating: 255, count: channels)
    var last = known
    for index in 0..<blocks {
      if ground[index].isEmpty { ground[index] = last }
      last = ground[index]
    }
    for x in 0..<width {
      let place = (Double(x) + 0.5) * Double(blocks) / Double(width) - 0.5
      let low = max(0, min(blocks - 1, Int(place.rounded(.down))))
      let high = min(blocks - 1, low + 1)
      let part = min(1, max(0, place - Double(low)))
      for channel in 0..<channels {
        let value = ground[low][channel] * (1 - part) + ground[high][channel] * part
        let level = UInt8(max(0, min(255, value.rounded())))
        for y in 0..<height where !inside[y * width + x] {
          pixels[(y * width + x) * channels + channel] = level
        }
      }
    }
  }
}
