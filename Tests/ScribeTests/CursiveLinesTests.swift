import Raster
import Testing

@testable import Scribe

@Suite struct CursiveLinesTests {
  let source = CursiveLines(seed: 11)

  @Test func sameNumberSameBytes() async {
    let first = (0..<4).map { source.line(UInt64($0)) }
    let again = await withTaskGroup(of: (Int, LineSample).self) { group in
      for number in (0..<4).reversed() {
        group.addTask { (number, CursiveLines(seed: 11).line(UInt64(number))) }
      }
      return await group.reduce(into: [Int: LineSample]()) { $0[$1.0] = $1.1 }
    }
    for (number, line) in first.enumerated() {
      #expect(again[number]?.strip == line.strip)
      #expect(again[number]?.letters == line.letters)
      #expect(again[number]?.geometry == line.geometry)
    }
  }

  @Test func numbersAndSeedsDiffer() {
    let here = Set((0..<5).map { fingerprint(source.line(UInt64($0)).strip.pixels) })
    let there = Set((0..<5).map { fingerprint(CursiveLines(seed: 12).line(UInt64($0)).strip.pixels) })
    #expect(here.count == 5 && there.count == 5)
    #expect(here.isDisjoint(with: there))
  }

  /// The strip is a band about the line, and says where in it the letters stand.
  @Test func stripsAreBandsOfToldGeometry() throws {
    for number in 0..<8 {
      let line = source.line(UInt64(number))
      let geometry = try #require(line.geometry)
      let height = Double(line.strip.height)
      #expect(abs(height - (LineStrip.bandAbove + LineStrip.bandBelow) * geometry.xHeight) <= 2)
      #expect(abs(geometry.baseline - LineStrip.bandAbove * geometry.xHeight) <= 1)
      #expect(line.strip.channels == 1 && line.strip.width > line.strip.height / 4)
    }
  }

  @Test func lettersStandInWritingOrder() {
    for number in 0..<12 {
      let line = source.line(UInt64(number))
      #expect(!line.letters.isEmpty)
      for letter in line.letters {
        #expect(letter.left <= letter.right)
        #expect((0...1).contains(letter.visible))
      }
      for (before, after) in zip(line.letters, line.letters.dropFirst()) {
        #expect(before.left + before.right < after.left + after.right + Double(line.strip.height))
      }
    }
  }

  /// Under what the truth calls a letter there is more ink than in front of the line.
  @Test func inkIsWhereTheTruthSays() throws {
    let clean = CursiveLines(seed: 5, damage: false)
    var (darker, lines) = (0, 0)
    for number in 0..<24 {
      let line = clean.line(UInt64(number))
      let geometry = try #require(line.geometry)
      guard line.letters.count > 4, line.letters[0].left > 6 else { continue }
      let rows = Int(geometry.baseline - geometry.xHeight)..<Int(geometry.baseline)
      func mean(_ columns: Range<Int>) -> Double {
        var sum = 0
        for y in rows { for x in columns { sum += Int(line.strip.pixels[y * line.strip.width + x]) } }
        return Double(sum) / Double(columns.count * rows.count)
      }
      let first = Int(line.letters[0].left)
      lines += 1
      if mean(first..<min(line.strip.width, Int(line.letters[4].right))) < mean(0..<first) { darker += 1 }
    }
    #expect(lines >= 8)
    #expect(Double(darker) >= 0.8 * Double(lines))
  }

  @Test func damageTakesLettersAndItsAbsenceTakesNone() {
    var lost = 0
    for number in 0..<24 {
      let line = source.line(UInt64(number))
      lost += line.letters.count - line.text.count
      if number < 4 {
        let clean = CursiveLines(seed: 11, damage: false).line(UInt64(number))
        #expect(clean.text.count == clean.letters.count)
      }
    }
    #expect(lost > 0)
  }

  @Test func textsComeFromTheGivenLines() {
    let texts = LineTexts(lines: [[0, 1, 2], [3, 4]])
    let letters = (0..<10).flatMap { CursiveLines(seed: 3, texts: texts).line(UInt64($0)).letters }
    let given = letters.count { "ΑΒΓΔΕ".contains($0.letter) }
    #expect(Double(given) > 0.7 * Double(letters.count))
  }
}

@Suite struct CursiveHandTests {
  /// Every letter has shapes of its own in every century, each of two points at least in every stroke.
  @Test func theTableIsWhole() throws {
    let forms = CursiveForms()
    for century in CursiveForms.Century.allCases {
      let own = try #require(forms.own[century])
      #expect(own.count == 24)
      for (letter, shapes) in own.enumerated() {
        #expect(!shapes.isEmpty, "letter \(letter) has no shape in \(century)")
        for shape in shapes {
          #expect(shape.letter == letter)
          #expect(shape.strokes.allSatisfy { $0.count > 1 })
          for (stroke, isEntry) in [(shape.entry, true), (shape.exit, false)] {
            guard let stroke else { continue }
            let knots = shape.strokes[stroke]
            // What takes over comes from the left of what leads on to the right.
            let share = (isEntry ? knots[0].x : knots[knots.count - 1].x + 0.01) / max(0.3, shape.width)
            #expect(isEntry ? share < 1.01 : share > 0, "letter \(letter)")
          }
        }
      }
      for (letters, pairs) in try #require(forms.pairs[century]) {
        for pair in pairs {
          #expect(pair.first.letter * 24 + pair.second.letter == letters)
          #expect(pair.first.exit != nil && pair.second.entry != nil && pair.offset > -0.5)
        }
      }
    }
  }

  /// A line holds each of its letters once and in order, however they are joined; a joined hand draws fewer strokes than an unjoined one.
  @Test func lettersAreJoinedAndNoneIsLost() {
    let letters: [UInt8] = [19, 14, 13, 4, 8, 18, 0, 17, 4, 10, 15]
    var (joined, alone) = (0, 0)
    for seed in 0..<40 as Range<UInt64> {
      let hand = CursiveHand(seed: seed, forms: CursiveForms())
      var writer = CursiveWriter(hand: hand, dice: Dice(seed))
      let line = writer.compose(letters)
      #expect(Set(line.strokes.joined().map(\.owner)).intersection(0..<11) == Set(0..<11), "seed \(seed)")
      for stroke in line.strokes {
        let owners = stroke.map(\.owner)
        #expect(owners == owners.sorted(), "seed \(seed)")
        if Set(owners).count > 1 { joined += 1 } else { alone += 1 }
      }
    }
    #expect(joined > 60 && alone > 200)
  }

  /// Marks that abbreviate are nobody's: no letter's ink counts them.
  @Test func marksBelongToNoLetter() {
    var marks = 0
    for seed in 0..<60 as Range<UInt64> {
      var writer = CursiveWriter(hand: CursiveHand(seed: seed, forms: CursiveForms()), dice: Dice(seed))
      let line = writer.compose([UInt8](repeating: 14, count: 30))
      marks += line.strokes.count { $0.allSatisfy { $0.owner < 0 } }
      #expect(line.count == 30)
    }
    #expect(marks > 0)
  }
}

@Suite struct StrokeDrawingsTests {
  private static let alpha = """
    START
    10.0,-10.0,0
    20.0,-30.0,7
    BREAK
    20.5,-30.0,20
    30.0,-50.0,30
    40.0,-10.0,40
    BREAK
    """

  @Test func strokesAreSetOnTheLine() throws {
    let form = try #require(StrokeDrawings.form(0, Self.alpha))
    #expect(form.strokes.count == 2)
    #expect(form.strokes.joined().map(\.y).max() == 1 && form.strokes.joined().map(\.y).min() == 0)
    #expect(form.strokes.joined().map(\.x).min() == 0 && form.width == 0.75)
    #expect(form.entry == 0 && form.exit == 1)
  }

  /// Numbers that are none, strokes of one point, dots: nothing to draw, and no trap.
  @Test(arguments: [
    "", "START\nBREAK\n", "1,2,3\n", "nan,inf,0\n1,1,0\n", "1e39,0,0\n2,1e39,0\n", "0,0,0\n0,1,0\n", "a,b\n,,\n",
  ])
  func drawingsOfNothing(_ text: String) { #expect(StrokeDrawings.form(0, text) == nil) }

  @Test func aFolderWithoutDrawingsIsRefused() throws {
    #expect(throws: ScribeError.self) { try StrokeDrawings(folder: "/nowhere/strokes") }
  }
}
