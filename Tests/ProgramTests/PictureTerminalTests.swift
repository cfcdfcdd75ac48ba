import Corpus
import Foundation
import Raster
import Testing

/// What terminals of our time answer when they are asked, and what they are shown then.
@Suite struct PictureTerminalTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    var name: String
    var term: String
    var isKitty: Bool
    /// What it answers; CELL stands for the pixels of a cell.
    var answers: String
    var isNested = false
    var testDescription: String { name }
  }

  static let kinds = [
    Kind(
      name: "kitty", term: "xterm-kitty", isKitty: true,
      answers:
        "\u{1B}_Gi=31;OK\u{1B}\\\u{1B}P>|kitty(0.32.2)\u{1B}\\\u{1B}]11;rgb:0000/0000/0000\u{1B}\\CELL\u{1B}[?62;c"),
    Kind(
      name: "kitty behind tmux", term: "tmux-256color", isKitty: true,
      answers: "\u{1B}_Gi=31;OK\u{1B}\\\u{1B}P>|tmux 3.4\u{1B}\\CELL\u{1B}[?1;2;4c", isNested: true),
    Kind(
      name: "foot", term: "foot", isKitty: false,
      answers: "\u{1B}P>|foot(1.16.2)\u{1B}\\\u{1B}]11;rgb:24/24/24\u{1B}\\CELL\u{1B}[?1;0;1024S\u{1B}[?62;4;22c"),
    Kind(
      name: "mlterm", term: "mlterm", isKitty: false,
      answers: "\u{1B}P>|mlterm(3.9.3)\u{1B}\\CELL\u{1B}[?63;1;2;3;4;6;7;15;18;22;29c"),
    Kind(
      name: "xterm -ti vt340", term: "xterm-256color", isKitty: false,
      answers:
        "\u{1B}P>|XTerm(379)\u{1B}\\\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\CELL\u{1B}[?1;0;1024S\u{1B}[?63;1;2;4;6;9;15;22c"
    ),
  ]

  private static func isKnown(_ term: String) -> Bool {
    ["/usr/share/terminfo", "/lib/terminfo", "/etc/terminfo"].contains {
      FileManager.default.fileExists(atPath: "\($0)/\(term.prefix(1))/\(term)")
    }
  }

  /// Strokes that no mirror and no shift leaves as they are.
  private static let photograph: Bitmap = {
    var bitmap = Bitmap(width: 300, height: 200, channels: 1, filledWith: 220)
    for line in 0..<3 {
      for x in 20..<(280 - 50 * line) where x / 8 % (2 + line) == 0 {
        for y in 0..<12 + 6 * line { bitmap.pixels[(30 + line * 60 + y) * 300 + x] = 40 }
      }
    }
    return bitmap
  }()

  private static func makeCorpus(_ scratch: Scratch) throws -> String {
    let path = scratch.path + "/corpus"
    let store = try CorpusStore.create(at: path, name: "Sample")
    try FileManager.default.createDirectory(atPath: try store.folder(of: "frag-1"), withIntermediateDirectories: true)
    try PNG.write(photograph, to: try store.folder(of: "frag-1") + "/recto.png")
    try store.add(
      Fragment(
        id: "frag-1", title: "Receipt \u{1B}]0;evil\u{7}\u{1B}_Ga=d\u{1B}\\",
        photographs: [Photograph(file: "recto.png", width: 300, height: 200, side: "\u{1B}Pq")]))
    // Read, and nothing found: no outline lies on the ink.
    try store.record(FragmentReading(fragment: "frag-1", model: "test@1", settings: "", seconds: 1, lines: []))
    return path
  }

  /// The whole photograph in a window alone: what the terminal has of it then is the photograph, as large as the window lets it be.
  @Test(arguments: kinds, [(60, 20, 6, 12), (110, 40, 3, 6), (500, 200, 1, 2)])
  func theTerminalHasThePhotograph(_ kind: Kind, _ window: (Int, Int, Int, Int)) throws {
    guard Self.isKnown(kind.term) else {
      print("the terminfo entry of \(kind.term) is not installed here: \(kind.name) is not tried")
      return
    }
    let (columns, rows, wide, high) = window
    let scratch = try Scratch()
    let terminal = try PseudoTerminal(
      [try Self.makeCorpus(scratch)], width: columns, height: rows, term: kind.term,
      environment: kind.isNested ? ["TMUX": "/tmp/tmux-0/default,1,0"] : ["TMUX": ""])
    try terminal.wait(for: "keys")
    terminal.type(kind.answers.replacingOccurrences(of: "CELL", with: "\u{1B}[6;\(high);\(wide)t"))
    terminal.listen(seconds: 0.2)
    terminal.type("\r")
    try terminal.wait(for: "frag-1")
    let end = Date().addingTimeInterval(20)
    let start = kind.isKitty ? "a=p," : "P0;1;0q"
    while !terminal.emulator.strings.contains(where: { $0.contains(start) }), Date() < end {
      terminal.listen(seconds: 0.05)
    }
    terminal.type("zW")
    // What comes last is the whole photograph; it takes its time.
    var sent = -1
    while sent != terminal.sent.count, Date() < end {
      sent = terminal.sent.count
      terminal.listen(seconds: 1.5)
    }
    let strings = terminal.emulator.strings
    let picture = try #require(
      kind.isKitty ? SentPictures.kitty(terminal.emulator, cell: (wide, high)) : SentPictures.sixel(strings).last)
    #expect(picture.width == columns * wide && picture.height % high == 0 && !picture.pixels.contains { $0 == nil })
    try Self.expectPhotograph(picture)
    if kind.isNested {
      // The cells say which picture they show, and which place of it.
      let named = terminal.emulator.cells.count { $0.unicodeScalars.first?.value == 0x10EEEE }
      #expect(named == columns * picture.height / high)
    }
    terminal.type("qq")
    #expect(try terminal.waitForEnd() == 0)
    #expect(terminal.isRestored)
    #expect(terminal.emulator.unknown.isEmpty)
    // Names stay names, whatever draws the pictures.
    let told = String(decoding: terminal.sent, as: UTF8.self)
    #expect(!told.contains("\u{1B}]0;evil") && !told.contains("_Ga=d\u{1B}\\") && !told.contains("\u{1B}Pq"))
    // What kitty keeps for us it forgets when we leave.
    if kind.isKitty { #expect(told.contains("a=d,d=I")) }
  }

  /// The photograph lies in the middle of a dark ground, and is what was scaled to that size.
  private static func expectPhotograph(_ picture: SentPicture) throws {
    func value(_ x: Int, _ y: Int) -> Int { picture.pixels[y * picture.width + x]?.y ?? 0 }
    // The sheet is bright, and so are its edges.
    let columns = (0..<picture.width).filter { x in (0..<picture.height).contains { value(x, $0) > 150 } }
    let rows = (0..<picture.height).filter { y in (0..<picture.width).contains { value($0, y) > 150 } }
    let (left, right) = (try #require(columns.first), try #require(columns.last))
    let (top, bottom) = (try #require(rows.first), try #require(rows.last))
    let (width, height) = (right - left + 1, bottom - top + 1)
    #expect(width == picture.width || height == picture.height, "it fills the window one way")
    #expect(abs(Double(width) / Double(height) - 1.5) < 0.05)
    // Compared in means of some pixels: a share of a pixel to the side is no fault.
    let own = Bitmap(
      width: width, height: height, channels: 1,
      pixels: (0..<width * height).map { UInt8(value(left + $0 % width, top + $0 / width)) }
    ).scaled(width: 75, height: 50)
    let expected = photograph.scaled(width: 75, height: 50)
    #expect(alike(own.pixels.map(Double.init), expected.pixels.map(Double.init)) > 0.99)
  }

  /// Pearson's correlation: contrast may have been stretched.
  private static func alike(_ a: [Double], _ b: [Double]) -> Double {
    let (meanA, meanB) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
    let product = zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
    let (spreadA, spreadB) = (a.reduce(0) { $0 + pow($1 - meanA, 2) }, b.reduce(0) { $0 + pow($1 - meanB, 2) })
    return product / (spreadA * spreadB).squareRoot()
  }
}
