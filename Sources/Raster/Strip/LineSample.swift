/// One letter of a drawn line and where it stands in the strip.
public struct LetterTruth: Hashable, Sendable {
  /// One of the 24 Greek capitals (sigma is `Σ` whatever its form on the papyrus).
  public var letter: Character
  /// Left and right edge of its ink, in pixels of the strip.
  public var left: Double
  public var right: Double
  /// The share of its ink that damage has left, 0 ... 1. Below `LineSample.legible` nobody could read it.
  public var visible: Double

  public init(letter: Character, left: Double, right: Double, visible: Double) {
    self.letter = letter
    self.left = left
    self.right = right
    self.visible = visible
  }
}

/// A line strip with its exact truth: what a reader is trained and measured on.
public struct LineSample: Sendable {
  /// The strip as it would be cut from a photograph: any height, grey or colour, ink darker than ground.
  public var strip: Bitmap
  /// Every letter that was written, in writing order, lost ones included.
  public var letters: [LetterTruth]

  /// Where the writing stands on the strip, where that is known and not to be measured.
  public var geometry: StripGeometry?

  /// The share of its ink a letter must have left to count as written on the papyrus today.
  public static let legible = 0.35

  /// The diplomatic letter stream: the legible letters in capitals, no spaces.
  public var text: String {
    String(letters.lazy.filter { $0.visible >= LineSample.legible }.map(\.letter))
  }

  public init(strip: Bitmap, letters: [LetterTruth], geometry: StripGeometry? = nil) {
    self.strip = strip
    self.letters = letters
    self.geometry = geometry
  }
}

/// Draws lines by number: the same number gives the same line, from any thread, in any order.
public protocol LineSource: Sendable {
  func line(_ number: UInt64) -> LineSample
}
