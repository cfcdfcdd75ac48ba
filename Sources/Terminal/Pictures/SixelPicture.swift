// Sixel, as DEC's VT340 has it (EK-VT3XX-TP): six rows of pixels at once.
//
//   ESC P 0;1;0 q   1: pixels nobody draws stay as they are
//   " 1;1;w;h       pixels are square; width and height
//   # n;2;r;g;b     colour n in hundredths
//   # n             what follows is in colour n
//   ? ... ~         six pixels, the lowest bit the upper one, plus 63;  ! n c  is n times c
//   $               back to the left;  -  on to the next six rows
//   ESC \

/// A picture as sixels, in the colours that serve it best.
enum SixelPicture {
  /// Colours a picture is drawn in: writing on papyrus has few, and fewer colours are fewer bytes.
  static let mostColours = 64

  /// Pixels of a picture each way at most: xterm leaves larger ones out (`maxGraphicSize`), and says nothing.
  static let longest = 1000

  /// A part of a picture: which of its cells it begins at, and its sixels.
  struct Piece {
    var column: Int
    var row: Int
    var bytes: [UInt8]
  }

  /// A picture in as few parts of whole cells as terminals draw for sure, all in the same colours.
  /// - Parameter most: colours the terminal has for it.
  static func pieces(of pixels: Pixels, cell: Size, most: Int = mostColours) -> [Piece] {
    let chosen = ColourChoice.choose(pixels, most: most)
    let (columns, rows) = (max(1, longest / cell.width), max(1, longest / cell.height))
    return stride(from: 0, to: pixels.height, by: rows * cell.height).flatMap { top in
      stride(from: 0, to: pixels.width, by: columns * cell.width).map { left in
        Piece(
          column: left / cell.width, row: top / cell.height,
          bytes: bytes(
            chosen.colours, chosen.indices, of: pixels.width,
            columns: left..<min(pixels.width, left + columns * cell.width),
            rows: top..<min(pixels.height, top + rows * cell.height)))
      }
    }
  }

  /// - Parameters:
  ///   - indices: colours of a picture that is `stride` pixels wide.
  ///   - columns: what of it is drawn.
  private static func bytes(
    _ colours: [SIMD3<UInt8>], _ indices: [UInt8], of stride: Int, columns: Range<Int>, rows: Range<Int>
  ) -> [UInt8] {
    let (width, height) = (columns.count, rows.count)
    var out = Array("\u{1B}P0;1;0q\"1;1;\(width);\(height)".utf8)
    for (number, colour) in colours.enumerated() {
      func hundredths(_ value: UInt8) -> Int { (Int(value) * 100 + 127) / 255 }
      out += Array("#\(number);2;\(hundredths(colour.x));\(hundredths(colour.y));\(hundredths(colour.z))".utf8)
    }
    var sixels = [UInt8](repeating: 0, count: colours.count * width)
    for top in Swift.stride(from: 0, to: height, by: 6) {
      var isUsed = [Bool](repeating: false, count: colours.count)
      indices.withUnsafeBufferPointer { indices in
        for row in 0..<min(6, height - top) {
          let line = (rows.lowerBound + top + row) * stride + columns.lowerBound
          for x in 0..<width {
            let colour = Int(indices[line + x])
            sixels[colour * width + x] |= 1 << UInt8(row)
            isUsed[colour] = true
          }
        }
      }
      var isFirst = true
      for colour in colours.indices where isUsed[colour] {
        if !isFirst { out.append(UInt8(ascii: "$")) }
        isFirst = false
        out += Array("#\(colour)".utf8)
        run(&sixels, colour * width..<(colour + 1) * width, &out)
      }
      out.append(UInt8(ascii: "-"))
    }
    return out + [0x1B, UInt8(ascii: "\\")]
  }

  /// One colour of six rows; what it wrote is blank again.
  private static func run(_ sixels: inout [UInt8], _ range: Range<Int>, _ out: inout [UInt8]) {
    var x = range.lowerBound
    var last = range.upperBound
    while last > range.lowerBound, sixels[last - 1] == 0 { last -= 1 }
    while x < last {
      let value = sixels[x]
      var end = x
      while end < last, sixels[end] == value {
        sixels[end] = 0
        end += 1
        if value == 0, end < last, sixels[end] != 0 { break }
      }
      let count = end - x
      if count > 3 {
        out.append(UInt8(ascii: "!"))
        out += Array(String(count).utf8)
        out.append(value + 63)
      } else {
        for _ in 0..<count { out.append(value + 63) }
      }
      x = end
    }
  }
}

/// The colours that serve a picture best: median cut (Heckbert 1982) over colours of five bits a sample.
enum ColourChoice {
  /// - Returns: the colours, and the number of each pixel's.
  static func choose(_ pixels: Pixels, most: Int) -> (colours: [SIMD3<UInt8>], indices: [UInt8]) {
    var counts = [Int32](repeating: 0, count: 1 << 15)
    let count = pixels.width * pixels.height
    var bins = [UInt16](repeating: 0, count: count)
    pixels.samples.withUnsafeBufferPointer { samples in
      for at in 0..<count {
        let (red, green, blue) =
          pixels.channels == 1
          ? (samples[at], samples[at], samples[at]) : (samples[3 * at], samples[3 * at + 1], samples[3 * at + 2])
        let bin = UInt16(red >> 3) << 10 | UInt16(green >> 3) << 5 | UInt16(blue >> 3)
        bins[at] = bin
        counts[Int(bin)] += 1
      }
    }
    let used = counts.indices.filter { counts[$0] > 0 }.map(UInt16.init)
    var boxes = [Box(used, counts)]
    while boxes.count < most, let widest = boxes.indices.max(by: { boxes[$0].spread < boxes[$1].spread }),
      boxes[widest].spread > 0
    {
      let (low, high) = boxes.remove(at: widest).halves(counts)
      boxes += [Box(low, counts), Box(high, counts)]
    }
    var number = [UInt8](repeating: 0, count: 1 << 15)
    for (index, box) in boxes.enumerated() {
      for bin in box.bins { number[Int(bin)] = UInt8(index) }
    }
    return (boxes.map(\.mean), bins.map { number[Int($0)] })
  }

  private struct Box {
    var bins: [UInt16]
    var mean = SIMD3<UInt8>(0, 0, 0)
    /// Of the sample that differs most: how much, times how many pixels.
    var spread = 0.0
    private var shift: UInt16 = 0

    init(_ bins: [UInt16], _ counts: [Int32]) {
      self.bins = bins
      var (low, high) = (SIMD3<Int>(repeating: 31), SIMD3<Int>(repeating: 0))
      var sum = SIMD3<Int>(repeating: 0)
      var total = 0
      for bin in bins {
        let colour = SIMD3(Int(bin >> 10), Int(bin >> 5 & 31), Int(bin & 31))
        let count = Int(counts[Int(bin)])
        low = pointwiseMin(low, colour)
        high = pointwiseMax(high, colour)
        sum &+= colour &* count
        total += count
      }
      guard total > 0 else { return }
      func full(_ value: Int) -> UInt8 { UInt8(clamping: (value * 255 / 31 + total / 2) / total) }
      mean = SIMD3(full(sum.x), full(sum.y), full(sum.z))
      let range = high &- low
      let widest = range.x >= range.y && range.x >= range.z ? 0 : range.y >= range.z ? 1 : 2
      shift = [10, 5, 0][widest]
      spread = Double(range[widest]) * Double(total).squareRoot()
      if bins.count < 2 { spread = 0 }
    }

    func halves(_ counts: [Int32]) -> ([UInt16], [UInt16]) {
      let sorted = bins.sorted { ($0 >> shift & 31, $0) < ($1 >> shift & 31, $1) }
      let total = sorted.reduce(0) { $0 + Int(counts[Int($1)]) }
      var sum = 0
      for (place, bin) in sorted.enumerated() {
        sum += Int(counts[Int(bin)])
        if 2 * sum >= total {
          let cut = min(max(1, place + (place == 0 ? 1 : 0)), sorted.count - 1)
          return (Array(sorted[..<cut]), Array(sorted[cut...]))
        }
      }
      return (Array(sorted.dropLast()), Array(sorted.suffix(1)))
    }
  }
}
