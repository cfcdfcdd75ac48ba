import Raster

/// A letter of a drawn fragment.
public struct FragmentLetter: Hashable, Sendable {
  /// One of the 24 capitals.
  public var letter: Character
  /// The smallest rectangle of whole pixels around its ink as written; may reach beyond the sheet.
  public var box: Rect
  /// Share of its ink that is left, see `LetterTruth`.
  public var visible: Double

  public init(letter: Character, box: Rect, visible: Double) {
    self.letter = letter
    self.box = box
    self.visible = visible
  }
}

/// A line of a drawn fragment.
public struct FragmentLine: Hashable, Sendable {
  /// Column from 0 in reading order.
  public var column: Int
  /// Number of the hand that wrote it, from 1.
  public var hand: Int
  /// Left to right, in pixels.
  public var baseline: [Point]
  public var polygon: Polygon
  public var xHeight: Double
  /// Every letter that was written, lost ones included, in writing order.
  public var letters: [FragmentLetter]
  /// In Leiden+, without the line's number: lost letters in brackets, damaged ones dotted.
  public var leiden: String
  /// Whether its last word runs on in the next line.
  public var runsOn: Bool

  /// What can still be read: the diplomatic letter stream.
  public var text: String {
    String(letters.lazy.filter { $0.visible >= LineSample.legible }.map(\.letter))
  }

  public init(
    column: Int, hand: Int, baseline: [Point], polygon: Polygon, xHeight: Double, letters: [FragmentLetter],
    leiden: String, runsOn: Bool
  ) {
    self.column = column
    self.hand = hand
    self.baseline = baseline
    self.polygon = polygon
    self.xHeight = xHeight
    self.letters = letters
    self.leiden = leiden
    self.runsOn = runsOn
  }
}

/// What a museum's catalogue would say of a drawn fragment.
public struct FragmentMetadata: Hashable, Sendable {
  public var title: String
  public var inventory: String
  /// Years, negative before our era.
  public var notBefore: Int
  public var notAfter: Int
  public var place: String
  public var material: String
  public var rights: String
}
