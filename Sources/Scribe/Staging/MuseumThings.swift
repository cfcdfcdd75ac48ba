import Raster

/// What lies on a museum's photographs beside the papyrus, and papyrus without writing; drawn.
enum MuseumThings {
  /// Bare papyrus with its fibres.
  static func papyrus(width: Int, height: Int, seed: UInt64, fibre: Float = 0.12) -> Bitmap {
    var dice = Dice(seed)
    let ground = Ground(width: width, height: height, scale: 1.5, dice: &dice)
    var image = Bitmap(width: width, height: height, channels: 3)
    for index in 0..<width * height {
      let level = 1 + fibre * ground.relief[index] + 0.05 * ground.clouds[index] + 0.01 * dice.normal()
      for (channel, value) in [Float(196), 160, 112].enumerated() {
        image.pixels[3 * index + channel] = UInt8(max(0, min(255, value * level)))
      }
    }
    return image
  }

  static func noise(width: Int, height: Int, seed: UInt64) -> Bitmap {
    var dice = Dice(seed)
    return Bitmap(
      width: width, height: height, channels: 1, pixels: (0..<width * height).map { _ in UInt8(dice.below(256)) })
  }

  /// Centimetres with their tenths and numbers, black on white; `unit` pixels a centimetre.
  static func ruler(centimetres: Int, unit: Int) -> Bitmap {
    var image = Bitmap(width: (centimetres + 1) * unit, height: unit + unit / 3, channels: 3, filledWith: 246)
    for tenth in 0...10 * centimetres {
      let length = tenth % 10 == 0 ? unit / 2 : tenth % 5 == 0 ? unit / 3 : unit / 5
      image.fill(
        Rect(x: unit / 2 + tenth * unit / 10, y: 0, width: max(1, unit / 30), height: length), with: [12, 12, 12])
    }
    for centimetre in 0...centimetres {
      image.write(
        "\(centimetre)", x: Double(unit / 3 + centimetre * unit), y: Double(unit) * 1.15, height: Double(unit) * 0.4)
    }
    return image
  }

  /// Patches of known colours in a black frame.
  static func colourCard(patch: Int) -> Bitmap {
    let colours: [[UInt8]] = [
      [243, 243, 242], [200, 200, 200], [160, 160, 160], [122, 122, 121], [85, 85, 85], [52, 52, 52], [175, 54, 60],
      [231, 199, 31], [70, 148, 73], [56, 61, 150], [8, 133, 161], [187, 86, 149],
    ]
    var image = Bitmap(width: 6 * patch + 8, height: 2 * patch + 8, channels: 3, filledWith: 16)
    for (number, colour) in colours.enumerated() {
      image.fill(
        Rect(x: 6 + number % 6 * patch, y: 6 + number / 6 * patch, width: patch - 4, height: patch - 4), with: colour)
    }
    return image
  }

  /// A paper label with lines of Latin capitals and figures.
  static func label(_ lines: [String], height: Double) -> Bitmap {
    let longest = lines.map(\.count).max() ?? 1
    var image = Bitmap(
      width: Int(Double(longest + 2) * height * 0.85), height: Int(height * (0.8 + 1.8 * Double(lines.count))),
      channels: 3, filledWith: 238)
    for (row, text) in lines.enumerated() {
      image.write(text, x: height, y: height * (1.6 + 1.8 * Double(row)), height: height)
    }
    return image
  }
}

extension Bitmap {
  /// Writes Latin capitals and figures on a baseline, as a draughtsman's pen would.
  mutating func write(_ text: String, x: Double, y: Double, height: Double) {
    let pen = max(1, height / 9)
    for (place, character) in text.enumerated() {
      let left = x + Double(place) * height * 0.82
      for stroke in Bitmap.glyphs[character, default: []] {
        for (from, to) in zip(stroke, stroke.dropFirst()) {
          let steps = Int(height)
          for step in 0...steps {
            let part = Double(step) / Double(max(1, steps))
            let (px, py) = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part)
            fill(
              Rect(
                x: Int(left + px / 4 * height * 0.6 - pen / 2), y: Int(y - py / 6 * height - pen / 2),
                width: max(1, Int(pen.rounded())), height: max(1, Int(pen.rounded()))),
              with: [UInt8](repeating: 22, count: channels))
          }
        }
      }
    }
  }

  /// Strokes on a grid four wide and six high, from the baseline up: "04 00" is a line from (0, 4) to (0, 0).
  private static let glyphs: [Character: [[(Double, Double)]]] = {
    let drawn: [Character: String] = [
      "0": "01 05 16 36 45 41 30 10 01", "1": "05 16 10", "2": "05 16 36 45 44 00 40",
      "3": "06 46 24 43 41 30 10 01",
      "4": "30 36 02 42", "5": "46 06 04 34 43 41 30 00", "6": "36 16 04 01 10 30 41 42 33 03", "7": "06 46 10",
      "8": "13 04 05 16 36 45 44 33 13 02 01 10 30 41 42 33",
      "9": "10 30 42 45 36 16 05 04 13 43",
      "A": "00 26 40/12 32", "B": "00 06 36 45 44 33 03 33 42 41 30 00", "C": "45 36 16 05 01 10 30 41",
      "D": "00 06 26 44 42 20 00", "E": "46 06 00 40/03 33", "F": "46 06 00/03 33",
      "G": "45 36 16 05 01 10 30 41 43 23",
      "H": "00 06/40 46/03 43", "I": "20 26", "K": "00 06/46 03 40", "L": "06 00 40", "M": "00 06 23 46 40",
      "N": "00 06 40 46", "O": "01 05 16 36 45 41 30 10 01", "P": "00 06 36 45 44 33 03",
      "R": "00 06 36 45 44 33 03 40",
      "S": "45 36 16 05 04 13 33 42 41 30 10 01", "T": "06 46/26 20", "U": "06 01 10 30 41 46",
      "V": "06 20 46",
      "W": "06 10 23 30 46", "X": "00 46/06 40", "Y": "06 23 46/23 20", ".": "00 10",
    ]
    return drawn.mapValues { strokes in
      strokes.split(separator: "/").map { stroke in
        stroke.split(separator: " ").map { point in
          let digits = point.compactMap { $0.wholeNumberValue }
          return (Double(digits[0]), Double(digits[1]))
        }
      }
    }
  }()
}
