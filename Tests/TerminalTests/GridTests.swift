import Testing
import Text

@testable import Terminal

@Suite struct GridTests {
  @Test func lettersKeepTheirMarksInOneCell() {
    var grid = Grid(Size(width: 10, height: 1))
    #expect(grid.put("α\u{323}β\u{323}ἄ", x: 0, y: 0) == 3)
    #expect(grid[0, 0].text == "α\u{323}" && grid[2, 0].text == "ἄ")
  }

  @Test(arguments: [
    ("\u{1B}[31mred", "\u{FFFD}[31mred"), ("a\tb\nc", "a b c"), ("x\u{202E}y\u{200B}z", "xyz"),
    ("\u{9B}2J", "\u{FFFD}2J"),
    ("a\u{A0}b", "a b"), ("\u{323}", "\u{25CC}\u{323}"),
    ("a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}", "a\u{300}\u{301}\u{302}\u{303}"),
    ("\u{7F}\u{0}", "\u{FFFD}\u{FFFD}"),
  ])
  func hostileTextIsCleaned(_ hostile: String, _ clean: String) {
    #expect(Array(CleanText.of(hostile).unicodeScalars) == Array(clean.unicodeScalars))
  }

  @Test func noControlCharacterEverReachesACell() {
    for value in (0...0x2100).map(UInt32.init) + [0xFFF9, 0xE0001] {
      guard let scalar = Unicode.Scalar(value) else { continue }
      var grid = Grid(Size(width: 4, height: 1))
      grid.put(String(Character(scalar)) + "e", x: 0, y: 0)
      for cell in grid.cells {
        for shown in cell.text.unicodeScalars {
          #expect(!(shown.value < 0x20 || (0x7F...0xA0).contains(shown.value)), "\(value)")
          #expect(shown.properties.generalCategory != .format)
        }
      }
    }
  }

  @Test func wideCharactersAreNeverHalved() {
    var grid = Grid(Size(width: 4, height: 1))
    grid.put("紙草紙", x: 0, y: 0)
    #expect(grid.text == "紙草\n")
    grid.put("x", x: 1, y: 0)
    #expect(grid.text == " x草\n")
    grid.put("y", x: 2, y: 0)
    #expect(grid.text == " xy\n")
    var narrow = Grid(Size(width: 3, height: 1))
    narrow.put("紙草", x: 0, y: 0)
    #expect(narrow.text == "紙\n")
  }

  @Test func clipsOnAllSides() {
    var grid = Grid(Size(width: 5, height: 2))
    grid.put("abcdef", x: -2, y: 0)
    grid.put("abcdef", x: 3, y: 1)
    grid.put("no", x: 0, y: 2)
    grid.put("no", x: 0, y: -1)
    grid.put("no", x: 9, y: 0)
    #expect(grid.text == "cdef\n   ab\n")
    grid.fill(Area(x: -3, y: -3, width: 100, height: 4), with: "#")
    #expect(grid.text == "#####\n   ab\n")
    var none = Grid(Size(width: 0, height: 0))
    none.put("x", x: 0, y: 0)
    none.fill(Area(x: 0, y: 0, width: 3, height: 3))
    #expect(none.text.isEmpty)
  }

  @Test func picturesShowWhereNothingLiesAboveThem() {
    let pixels = Pixels(width: 3, height: 4, channels: 1, samples: [UInt8](0..<12))
    let encoding = ImageCells(depth: .direct)
    let made = encoding.cells(of: pixels)
    var grid = Grid(Size(width: 4, height: 3))
    grid.put("紙", x: 0, y: 1)
    grid.put(Picture(pixels, in: Area(x: 1, y: 1, width: 3, height: 2), encoding: encoding))
    grid.put("5", x: 2, y: 1)
    var pictures = PictureCells()
    let flat = pictures.flatten(grid)
    #expect(flat.pictures.isEmpty && flat.cells.allSatisfy { $0.picture == nil })
    #expect(flat.text == "\n ▀5▀\n ▀▀▀\n")
    #expect(flat[1, 1] == made[0] && flat[3, 1] == made[2] && flat[1, 2] == made[3])
    #expect(pictures.flatten(grid) == flat)
  }

  @Test func picturesAreClippedAndAsLargeAsTheirPixels() {
    let pixels = Pixels(width: 2, height: 4, channels: 1, samples: [UInt8](0..<8))
    let encoding = ImageCells(depth: .direct)
    var grid = Grid(Size(width: 3, height: 2))
    grid.put(Picture(pixels, in: Area(x: -1, y: -1, width: 9, height: 9), encoding: encoding))
    var pictures = PictureCells()
    let flat = pictures.flatten(grid)
    #expect(flat.text == "▀\n\n" && flat[0, 0] == encoding.cells(of: pixels)[3])
    grid.fill(grid.area)
    #expect(pictures.flatten(grid) == Grid(grid.size))
  }

  @Test func longLinesEndInAnEllipsis() {
    var grid = Grid(Size(width: 6, height: 3))
    grid.putLine("papyrus", in: grid.area)
    grid.putLine("papyri", in: grid.area, row: 1)
    grid.putLine("pap", in: grid.area, row: 2)
    #expect(grid.text == "papyr…\npapyri\npap\n")
  }

  @Test func areasAreCutWithoutRemainder() {
    var rest = Area(x: 0, y: 0, width: 10, height: 5)
    let (top, bottom) = (rest.takeTop(1), rest.takeBottom(9))
    #expect(top.height == 1 && bottom.height == 4 && bottom.y == 1 && rest.isEmpty)
    #expect(Area(x: 0, y: 0, width: 1, height: 5).scrolled(from: 0, toShow: 7, of: 20) == 3)
    #expect(Area(x: 0, y: 0, width: 1, height: 5).scrolled(from: 18, toShow: 19, of: 20) == 15)
  }

  @Test(arguments: [
    ("α", 1), ("α\u{323}", 1), ("ἄ\u{323}", 1), ("紙", 2), ("𐅵", 1), ("\u{FF21}", 2), ("〚", 2), ("ᾧ", 1),
  ])
  func widths(_ text: String, _ width: Int) { #expect(CellWidth.of(text) == width) }
}
