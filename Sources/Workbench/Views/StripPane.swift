import Corpus
import Raster
import Terminal
import Text

/// The current line's strip magnified, and the marked candidate's letters, each under its ink.
enum StripPane {
  /// Everything the strip's pixels in the pane depend on: while the photograph moves above it they stay as they are.
  struct Look: Hashable, Sendable {
    var strip: StripImage.Key
    var start: Double
    var size: Size
    var cellPixels: Size
    var enhancement: Enhancement
  }

  struct Painting: Sendable {
    var look: Look
    var pixels: Pixels
  }

  static func draw(_ grid: inout Grid, image area: Area, letters lettersArea: Area, _ space: inout Workspace) {
    guard var desk = space.desk else { return }
    draw(&grid, image: area, letters: lettersArea, &desk, space)
    space.desk = desk
  }

  /// - Parameter desk: keeps the strip that is cut out; the session's, or that of a queue.
  static func draw(
    _ grid: inout Grid, image area: Area, letters lettersArea: Area, _ desk: inout FragmentDesk, _ space: Workspace
  ) {
    guard !area.isEmpty, let line = desk.line else { return }
    guard let photograph = desk.ink?.image, line.region.photograph == desk.photograph else { return }
    let key = StripImage.Key(desk, line.region, pixels: area.height * space.cellPixels.height)
    if desk.strip?.key != key {
      do {
        desk.strip = try desk.strips.strip(key, of: photograph)
      } catch {
        return PhotographPane.words(&grid, area, Wording.error(error), style: Theme.warning)
      }
    }
    guard let strip = desk.strip, strip.bitmap.width > 0, strip.bitmap.height > 0 else {
      return PhotographPane.words(&grid, area, "the line's region does not lie on the photograph")
    }
    let window = StripWindow(desk, line, strip, Size(width: area.width, height: area.height))
    let look = Look(
      strip: strip.key, start: window.start, size: Size(width: area.width, height: area.height),
      cellPixels: space.cellPixels, enhancement: desk.enhancement.union(.stretch))
    if desk.stripView?.look != look {
      desk.stripView = Painting(
        look: look, pixels: window.canvas(strip.bitmap, look.cellPixels, look.enhancement).pixels)
    }
    if let painting = desk.stripView {
      let place = Area(
        x: area.x, y: area.y + (area.height - window.seen.height) / 2, width: window.seen.width,
        height: window.seen.height)
      grid.put(Picture(painting.pixels, in: place, encoding: space.imageCells))
    }
    drawLetters(&grid, lettersArea, desk, line, strip, window, space)
  }

  private static func drawLetters(
    _ grid: inout Grid, _ area: Area, _ desk: FragmentDesk, _ line: LineState, _ strip: StripImage,
    _ window: StripWindow, _ space: Workspace
  ) {
    guard !area.isEmpty, line.candidates.indices.contains(desk.candidate) else { return }
    let letters = line.candidates[desk.candidate].letters
    let differing = desk.difference.map { differences($0, letters) } ?? [:]
    var free = area.x
    for (index, letter) in letters.enumerated() {
      let middle = strip.x(of: (letter.left + letter.right) / 2)
      let place = (middle - window.start) / window.scale
      guard place.isFinite, place >= 0, place < Double(area.width) else { continue }
      let column = area.x + Int(place)
      guard column >= free else { continue }
      if let words = differing[index] {
        free = column + grid.put(words, x: column, y: area.y, style: Theme.warning, limit: area.maxX - column) + 1
        continue
      }
      let style =
        index == window.focus
        ? Theme.selected(space.imageCells.depth) : Theme.letter(letter.probability, sure: space.sure)
      free = column + grid.put(letter.text, x: column, y: area.y, style: style, limit: area.maxX - column)
    }
    if window.start > 0.5 { grid.put("‹", x: area.x, y: area.y, style: Theme.key) }
    if window.start + Double(area.width) * window.scale < Double(strip.bitmap.width) - 0.5 {
      grid.put("›", x: area.maxX - 1, y: area.y, style: Theme.key)
    }
  }
}

extension StripPane {
  /// Where two readings differ, over the ink: `α≠ο` at the letter of the candidate that stands there.
  static func differences(_ comparison: Comparison, _ letters: [CandidateLetter]) -> [Int: String] {
    func read(_ text: String) -> [Int: Character] {
      let own = Array(text)
      var found: [Int: Character] = [:]
      for (place, letter) in LetterAlignment(own, letters).places.enumerated() {
        if let letter { found[letter] = own[place] }
      }
      return found
    }
    let (first, second) = (read(comparison.first), read(comparison.second))
    var differing: [Int: String] = [:]
    for index in letters.indices where first[index] != second[index] {
      differing[index] = "\(first[index].map(String.init) ?? "–")≠\(second[index].map(String.init) ?? "–")"
    }
    return differing
  }
}

/// Which part of the strip is seen: as high as the pane, from `start` on.
struct StripWindow: Sendable {
  /// Strip pixels per column of cells.
  let scale: Double
  /// Strip pixels left of the window.
  let start: Double
  /// The letter of the marked candidate that the editor's cursor stands at.
  let focus: Int?
  /// Cells that the strip covers; a short one leaves the rest of the pane as the terminal has it.
  let seen: Size

  init(_ desk: FragmentDesk, _ line: LineState, _ strip: StripImage, _ size: Size) {
    // A strip so small that it would be magnified more than sixfold keeps to that.
    scale = max(1.0 / 6, Double(strip.bitmap.height) / Double(size.height * 2))
    let width = Double(size.width) * scale
    let length = Double(strip.bitmap.width)
    var at = 0.0
    var focus: Int?
    let letters = line.candidates.indices.contains(desk.candidate) ? line.candidates[desk.candidate].letters : []
    if let editor = desk.editor {
      if !letters.isEmpty {
        // The letter read there tells where on the papyrus one is, whatever was typed before it.
        let alignment = LetterAlignment(editor.letters, letters)
        let index = alignment.letter(at: editor.cursor) ?? 0
        focus = alignment.places.indices.contains(editor.cursor) ? alignment.places[editor.cursor] : nil
        at = strip.x(of: (letters[index].left + letters[index].right) / 2) - width / 2
      } else {
        let before = editor.letters[..<editor.cursor].count { GreekMarks.isLetter($0) }
        let all = max(1, editor.letters.count { GreekMarks.isLetter($0) })
        at = length * Double(before) / Double(all) - width / 2
      }
    }
    at += (desk.stripShift ?? 0) * width
    start = length <= width ? 0 : min(max(0, at), length - width)
    self.focus = focus
    seen = Size(
      width: min(size.width, Int(((length - start) / scale).rounded(.up))),
      height: min(size.height, Int((Double(strip.bitmap.height) / (2 * scale)).rounded(.up))))
  }

  /// The window's pixels, bilinear where magnified, averaged where reduced.
  func canvas(_ bitmap: Bitmap, _ cellPixels: Size, _ enhancement: Enhancement) -> Canvas {
    let (columns, rows) = (cellPixels.width, cellPixels.height)
    var canvas = Canvas(width: seen.width * columns, height: seen.height * rows, grey: 16)
    let left = max(0, Int(start.rounded(.down)))
    let right = min(bitmap.width, Int((start + Double(seen.width) * scale).rounded(.up)))
    guard left < right else { return canvas }
    let part = bitmap.cropped(Rect(x: left, y: 0, width: right - left, height: bitmap.height))
    let (stepX, stepY) = (scale / Double(columns), scale * 2 / Double(rows))
    let scaled = part.scaled(
      width: max(1, Int((Double(part.width) / stepX).rounded())),
      height: max(1, min(canvas.height, Int((Double(part.height) / stepY).rounded()))))
    canvas.put(
      scaled.enhanced(enhancement), x: Int(((Double(left) - start) / stepX).rounded()),
      y: (canvas.height - scaled.height) / 2)
    return canvas
  }
}
