import Corpus
import Pipeline
import Raster
import Text

/// A letter as one hand wrote it once: its ink, cut out where the reader found it.
struct LetterForm: Sendable {
  /// nil: in the fragment on the desk.
  var fragment: String?
  /// What its line is called.
  var line: String
  var ink: Bitmap
  /// Whether somebody has decided about its line.
  var isDecided: Bool
  /// What forms are compared by.
  let shape: [Float]

  init(fragment: String? = nil, line: String, ink: Bitmap, isDecided: Bool) {
    (self.fragment, self.line, self.ink, self.isDecided) = (fragment, line, ink, isDecided)
    shape = Self.shape(ink)
  }

  /// How far two forms are from each other.
  func distance(to other: LetterForm) -> Float {
    zip(shape, other.shape).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  /// The ink as 12 x 16 shades of mean 0 and deviation 1: what two forms are compared by, whatever light they stand in.
  private static func shape(_ ink: Bitmap) -> [Float] {
    let small = ink.scaled(width: 12, height: 16)
    let values = (0..<192).map { at in
      (0..<small.channels).reduce(Float(0)) { $0 + Float(small.pixels[at * small.channels + $1]) }
    }
    let mean = values.reduce(0, +) / 192
    let spread = max(1, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 192).squareRoot())
    return values.map { ($0 - mean) / spread }
  }

  /// A letter with the room that its ascender and its tail may need; nil where it does not lie on the photograph, or the line does not run across it.
  static func cut(_ letter: CandidateLetter, _ region: LineRegion, _ photograph: any ViewablePhotograph) -> Bitmap? {
    guard region.runsAcross, region.baseline.count >= 2, letter.right > letter.left else { return nil }
    let size = DrawnLines.xHeight(of: region) ?? 20
    let middle = (letter.left + letter.right) / 2
    let points = region.baseline.sorted { $0.x < $1.x }
    let foot = points.last { $0.x <= middle } ?? points[0]
    let next = points.first { $0.x > middle } ?? points[points.count - 1]
    let share = next.x > foot.x ? min(max((middle - foot.x) / (next.x - foot.x), 0), 1) : 0
    let y = foot.y + (next.y - foot.y) * share
    guard [letter.left, letter.right, y, size].allSatisfy({ abs($0) < 1e7 }) else { return nil }
    let rect = Rect(
      x: Int(letter.left - 0.25 * size), y: Int(y - 1.7 * size), width: Int(letter.right - letter.left + 0.5 * size),
      height: Int(2.5 * size)
    ).intersection(Rect(x: 0, y: 0, width: photograph.width, height: photograph.height))
    guard rect.width >= 3, rect.height >= 3 else { return nil }
    let scale = max(1, Double(rect.height) / 96)
    return try? photograph.view(
      of: rect, width: max(1, Int(Double(rect.width) / scale)), height: max(1, Int(Double(rect.height) / scale)))
  }
}

extension LineState {
  /// Where a letter stands on the line, as far as one may believe it: what the first candidate reads there, or, where a scholar has decided, what the
  /// text says of the ink it was aligned with.
  ///
  /// - Parameters:
  ///   - letter: a Greek capital.
  ///   - least: the probability of a letter that nobody decided about.
  /// - Returns: numbers of the first candidate's letters, in their order.
  func places(of letter: String, atLeast least: Double) -> [Int] {
    guard let letters = candidates.first?.letters, status != .rejected else { return [] }
    guard let text else {
      return letters.indices.filter { letters[$0].text == letter && letters[$0].probability >= least }
    }
    let characters = Array(text)
    return zip(characters, LetterAlignment(characters, letters).places).compactMap { character, place in
      guard let place, let base = GreekMarks.base(character) else { return nil }
      // A dotted letter is one that the scholar is not sure of, either.
      return LetterForm.capital(base) == letter && !GreekMarks.hasDot(character) ? place : nil
    }
  }
}

extension LetterForm {
  /// A letter as candidates have it.
  static func capital(_ base: Unicode.Scalar) -> String { String(Character(base)).uppercased() }
}
