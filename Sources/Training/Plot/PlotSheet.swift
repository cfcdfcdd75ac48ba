import Raster

/// A white sheet with lines and small lettering: all that a plot needs.
struct PlotSheet {
  typealias Colour = (red: UInt8, green: UInt8, blue: UInt8)

  private(set) var bitmap: Bitmap

  init(width: Int, height: Int) { bitmap = Bitmap(width: width, height: height, channels: 3, filledWith: 255) }

  /// A straight line, one pixel wide; what lies beyond the sheet is left out.
  mutating func line(from a: (x: Double, y: Double), to b: (x: Double, y: Double), _ colour: Colour) {
    let steps = max(1, Int(max(abs(b.x - a.x), abs(b.y - a.y)).rounded(.up)))
    for i in 0...steps {
      let share = Double(i) / Double(steps)
      dot(Int((a.x + (b.x - a.x) * share).rounded()), Int((a.y + (b.y - a.y) * share).rounded()), colour)
    }
  }

  /// Small letters, digits and a few signs, 10 pixels high; what has no form is a space.
  mutating func text(_ text: String, x: Int, y: Int, _ colour: Colour) {
    for (place, character) in text.lowercased().enumerated() {
      guard let rows = Self.forms[character] else { continue }
      for (row, bits) in rows.enumerated() {
        for column in 0..<3 where bits >> (2 - column) & 1 == 1 {
          for dy in 0..<2 {
            for dx in 0..<2 { dot(x + 8 * place + 2 * column + dx, y + 2 * row + dy, colour) }
          }
        }
      }
    }
  }

  private mutating func dot(_ x: Int, _ y: Int, _ colour: Colour) {
    guard (0..<bitmap.width).contains(x), (0..<bitmap.height).contains(y) else { return }
    let place = 3 * (y * bitmap.width + x)
    (bitmap.pixels[place], bitmap.pixels[place + 1], bitmap.pixels[place + 2]) = (colour.red, colour.green, colour.blue)
  }

  /// Five rows of three pixels, each row an octal digit.
  private static let forms: [Character: [Int]] = {
    let table = """
      0 75557 1 26227 2 71747 3 71717 4 55711 5 74717 6 74757 7 71244 8 75757 9 75717 . 00002 , 00024 - 00700
      a 25755 b 65656 c 34443 d 65556 e 74647 f 74644 g 34553 h 55755 i 72227 j 11152 k 55655 l 44447 m 57755
      n 65555 o 25552 p 65644 q 25563 r 65655 s 34216 t 72222 u 55557 v 55552 w 55775 x 55255 y 55222 z 71247
      """
    let words = table.split { $0 == " " || $0 == "\n" }
    var forms: [Character: [Int]] = [:]
    for index in stride(from: 0, to: words.count, by: 2) {
      forms[Character(String(words[index]))] = words[index + 1].compactMap(\.wholeNumberValue)
    }
    return forms
  }()
}
