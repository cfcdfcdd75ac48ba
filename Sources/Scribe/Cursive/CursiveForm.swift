import Text

/// One letter in one shape as a running hand writes it: strokes in writing order, and where the pen comes in and goes on.
///
/// Lengths are in x-heights, y upward from the baseline.
struct CursiveForm: Sendable {
  /// Index of the letter in `Greek.capitals`.
  let letter: Int
  private(set) var strokes: [[Knot]]
  /// The stroke that may go on from the letter before at its first knot, and the one that may lead on to the next from its last.
  let entry: Int?
  let exit: Int?
  private(set) var width: Float

  /// Reads the notation of `cursiveTable`: that of `LetterForm` (strokes divided by `/`, points `x,y` in hundredths, `!` for a corner),
  /// with `~` before the first point of the stroke that takes over and after the last of the one that leads on. Only our own table comes
  /// here, so a mistake in it traps.
  init(letter: Int, notation: String) {
    let marked = notation.split(separator: "/").map { $0.split(separator: " ") }
    entry = marked.firstIndex { $0.first?.first == "~" }
    exit = marked.firstIndex { $0.last?.last == "~" }
    let plain = LetterForm(letter: letter, scripts: [], notation: notation.filter { $0 != "~" })
    (self.letter, strokes, width) = (letter, plain.strokes, plain.width)
  }

  /// A letter of the bookhands' table or a drawing of it, which says nothing of joins: a stroke that begins at the left may take over, one
  /// that ends at the right may lead on.
  init(letter: Int, strokes: [[Knot]]) {
    let left = strokes.joined().map(\.x).min() ?? 0
    let right = strokes.joined().map(\.x).max() ?? 0
    let middle = (left + right) / 2
    entry = strokes.firstIndex { $0[0].x <= middle }
    exit = strokes.lastIndex { $0[$0.count - 1].x >= middle }
    self.letter = letter
    self.strokes = strokes.map { $0.map { Knot(x: $0.x - left, y: $0.y, corner: $0.corner) } }
    width = right - left
  }

  /// What lies left of the grid's 0 in the table, before the form was set to begin there.
  static func left(of notation: String) -> Float {
    let points = notation.filter { $0 != "~" && $0 != "!" }.split { $0 == " " || $0 == "/" }
    return points.compactMap { $0.split(separator: ",").first.flatMap { Int($0) } }.min().map { Float($0) / 100 } ?? 0
  }

  /// How one hand changes the shapes it writes: lengths in x-heights.
  struct Manner {
    /// How far every knot may lie elsewhere.
    var bend: Float
    /// Height of the small letters: running hands write them flat, at half of what the tall ones would have them.
    var body: Float
    /// What rises above the small letters and hangs below the line, against the table's.
    var above: Float
    var below: Float
  }

  /// The form as one hand has made it its own.
  ///
  /// - Parameters:
  ///   - stretch: along the line.
  ///   - height: of this letter against the hand's others.
  ///   - raise: above the line.
  func reshaped(
    _ manner: Manner, stretch: Float, height: Float = 1, raise: Float = 0, dice: inout Dice
  ) -> CursiveForm {
    var own = self
    own.strokes = strokes.map { stroke in
      stroke.map { knot in
        let y = knot.y + manner.bend * dice.normal()
        let tall =
          y > 1 ? manner.body + (y - 1) * manner.above : y < 0 ? y * manner.below : y * manner.body
        return Knot(
          x: (knot.x + manner.bend * dice.normal()) * stretch, y: tall * height + raise * manner.body,
          corner: knot.corner)
      }
    }
    let left = own.strokes.joined().map(\.x).min() ?? 0
    for s in own.strokes.indices { for k in own.strokes[s].indices { own.strokes[s][k].x -= left } }
    own.width = own.strokes.joined().map(\.x).max() ?? 0
    return own
  }
}

/// Two letters written as one.
struct CursivePair: Sendable {
  let first: CursiveForm
  let second: CursiveForm
  /// Where the second begins, from the first's left edge.
  let offset: Float

  init(_ letters: (Int, Int), notation: String) {
    let parts = notation.split(separator: "|").map(String.init)
    precondition(parts.count == 2, "a pair has two letters: '\(notation)'")
    first = CursiveForm(letter: letters.0, notation: parts[0])
    second = CursiveForm(letter: letters.1, notation: parts[1])
    offset = CursiveForm.left(of: parts[1]) - CursiveForm.left(of: parts[0])
  }

  private init(_ first: CursiveForm, _ second: CursiveForm, _ offset: Float) {
    (self.first, self.second, self.offset) = (first, second, offset)
  }

  func reshaped(_ manner: CursiveForm.Manner, stretch: Float, dice: inout Dice) -> CursivePair {
    CursivePair(
      first.reshaped(manner, stretch: stretch, dice: &dice), second.reshaped(manner, stretch: stretch, dice: &dice),
      offset * stretch)
  }
}

/// Letter forms to make documentary hands of: the table's, some of the bookhands', and drawings where there are any.
public struct CursiveForms: Sendable {
  /// The centuries whose documents a hand may belong to.
  enum Century: Character, CaseIterable {
    case ptolemaic = "P"
    case roman = "R"
    case byzantine = "B"
  }

  /// `own[century][letter]`, and further shapes by letter that fit any century.
  let own: [Century: [[CursiveForm]]]
  /// `pairs[century][first * 24 + second]`.
  let pairs: [Century: [Int: [CursivePair]]]
  let others: [[CursiveForm]]
  let drawn: [[CursiveForm]]

  /// - Parameter drawings: strokes of letters by other people; see `StrokeDrawings`.
  public init(drawings: StrokeDrawings? = nil) {
    own = Self.table
    pairs = Self.pairTable
    others = Self.bookhands
    drawn = drawings?.forms ?? []
  }

  private static let table: [Century: [[CursiveForm]]] = Dictionary(
    uniqueKeysWithValues: Century.allCases.map { century in
      (
        century,
        cursiveTable.enumerated().map { letter, rows in
          rows.filter { $0.centuries.contains(century.rawValue) }
            .map { CursiveForm(letter: letter, notation: $0.notation) }
        }
      )
    })

  private static let pairTable: [Century: [Int: [CursivePair]]] = Dictionary(
    uniqueKeysWithValues: Century.allCases.map { century in
      var pairs: [Int: [CursivePair]] = [:]
      for row in cursivePairTable where row.centuries.contains(century.rawValue) {
        let letters = row.letters.map { Greek.capitals.firstIndex(of: $0)! }
        pairs[letters[0] * 24 + letters[1], default: []]
          .append(CursivePair((letters[0], letters[1]), notation: row.notation))
      }
      return (century, pairs)
    })

  private static let bookhands: [[CursiveForm]] = Alphabet.forms.enumerated().map { letter, forms in
    forms.filter { $0.scripts.contains { $0 == .ptolemaic || $0 == .roman || $0 == .byzantine } }
      .map { CursiveForm(letter: letter, strokes: $0.strokes) }
  }
}
