import Corpus
import Pipeline
import Raster
import Terminal
import Text

/// The forms that a letter has in this hand, as palaeographers lay them side by side: the one at the cursor, then those that are nearest to it, from
/// all lines of the photograph, cut out where the reader found them.
struct LetterChart: Sendable {
  struct Form: Sendable {
    /// What its line is called.
    var line: String
    var ink: Bitmap
    /// Whether somebody has decided about its line.
    var isDecided: Bool
  }

  /// One Greek capital.
  let letter: String
  let own: Bitmap
  /// Nearest first.
  let forms: [Form]

  /// Letters the model is less sure of are no witnesses, unless a scholar has taken their line.
  private static let leastProbability = 0.6
  /// At most so many are compared.
  private static let most = 120

  /// nil where the letter does not lie on the photograph.
  init?(_ desk: FragmentDesk, letter place: Int, of candidate: Int) {
    guard case .ready(let photograph) = desk.image, let line = desk.line, line.region.photograph == desk.photograph,
      line.candidates.indices.contains(candidate), line.candidates[candidate].letters.indices.contains(place)
    else { return nil }
    let wanted = line.candidates[candidate].letters[place]
    guard let own = Self.cut(wanted, line.region, photograph) else { return nil }
    letter = wanted.text
    self.own = own
    let shape = Self.shape(own)
    var found: [(form: Form, distance: Float)] = []
    for (index, other) in desk.lines.enumerated() where other.region.photograph == desk.photograph {
      guard let first = other.candidates.first else { continue }
      for (number, one) in first.letters.enumerated() where one.text == wanted.text && found.count < Self.most {
        guard one.probability >= Self.leastProbability || other.status == .confirmed,
          index != desk.current || number != place, let ink = Self.cut(one, other.region, photograph)
        else { continue }
        let distance = zip(shape, Self.shape(ink)).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        found.append((Form(line: desk.name(index), ink: ink, isDecided: other.status.isDecided), distance))
      }
    }
    forms = found.sorted { $0.distance < $1.distance }.map(\.form)
  }

  /// A letter with the room that its ascender and its tail may need.
  private static func cut(
    _ letter: CandidateLetter, _ region: LineRegion, _ photograph: any ViewablePhotograph
  ) -> Bitmap? {
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

  /// Draws the row of ink, and under each form the line it stands in.
  func draw(_ grid: inout Grid, image area: Area, names: Area, _ space: Workspace) {
    guard !area.isEmpty else { return }
    let pixels = space.cellPixels
    var canvas = Canvas(width: area.width * pixels.width, height: area.height * pixels.height, grey: 16)
    var column = 0
    var isFirst = true
    for form in [Form(line: "here", ink: own, isDecided: false)] + forms {
      // A cell is twice as high as wide.
      let width = max(2, Int((Double(form.ink.width) / Double(form.ink.height) * Double(area.height) * 2).rounded()))
      guard column + width <= area.width else { break }
      let scaled = form.ink.scaled(width: width * pixels.width, height: area.height * pixels.height)
      canvas.put(scaled.enhanced(space.desk?.enhancement.union(.stretch) ?? .stretch), x: column * pixels.width, y: 0)
      let style = isFirst ? Theme.selected(space.imageCells.depth) : form.isDecided ? Theme.taken : Theme.quiet
      if !names.isEmpty { grid.put(form.line, x: names.x + column, y: names.y, style: style, limit: width) }
      // The one that is asked about stands apart.
      column += width + (isFirst ? 2 : 1)
      isFirst = false
    }
    grid.put(Picture(canvas.pixels, in: area, encoding: space.imageCells))
  }

  /// What the rule says above it.
  var words: String {
    "\(letter.lowercased()) in this hand: \(forms.isEmpty ? "no other" : "\(forms.count) forms, the nearest first")"
  }
}

extension Workspace {
  /// Shows or hides the chart of the letter at the cursor.
  mutating func toggleChart() -> [Effect] {
    if desk?.chart != nil {
      desk?.chart = nil
      return []
    }
    if desk?.editor == nil { _ = goToDoubtful(forward: true) }
    guard let desk, let editor = desk.editor, let line = desk.line, line.candidates.indices.contains(desk.candidate),
      let place = LetterAlignment(editor.letters, line.candidates[desk.candidate].letters).letter(at: editor.cursor),
      let chart = LetterChart(desk, letter: place, of: desk.candidate)
    else {
      message = .note("No letter was read there that could be compared.")
      return []
    }
    self.desk?.chart = chart
    return []
  }
}
