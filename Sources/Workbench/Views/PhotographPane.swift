import Corpus
import Raster
import Terminal
import Text

/// The photograph with the lines found on it.
enum PhotographPane {
  /// Everything the picture depends on; the same key, the same pixels.
  struct Key: Hashable, Sendable {
    var fragment: String
    var photograph: Int
    var viewport: Viewport
    /// How far it is turned.
    var degrees: Int
    /// The pane in cells, and the pixels of one cell.
    var size: Size
    var cellPixels: Size
    var enhancement: Enhancement
    var light: Light
    var outlines: [Outline]
    var drawing: Drawing?
  }

  struct Outline: Hashable, Sendable {
    var region: LineRegion
    var isCurrent: Bool
    var isDecided: Bool
  }

  struct Painting: Sendable {
    var key: Key
    var pixels: Pixels
  }

  private static let current = SIMD3(255, 150, 30)
  private static let open = SIMD3(70, 130, 255)
  private static let decided = SIMD3(70, 190, 110)
  private static let hand = SIMD3(255, 60, 200)

  /// The photograph, and another one beside it or in its place.
  static func draw(_ grid: inout Grid, _ layout: FragmentLayout, _ space: inout Workspace) {
    guard !layout.photograph.isEmpty, let desk = space.desk else { return }
    if let companion = desk.companion, !companion.isBeside {
      if let refusal = refusal(companion.image) ?? refusal(desk.image) {
        return words(&grid, layout.photograph, refusal.words, style: refusal.style)
      }
      space.settleViewport()
      if let sight = space.desk?.companionSight { draw(&grid, layout.photograph, sight, &space) }
      return
    }
    if let refusal = refusal(desk.image) {
      words(&grid, layout.photograph, refusal.words, style: refusal.style)
    } else {
      space.settleViewport()
      if let sight = space.desk?.sight { draw(&grid, layout.photograph, sight, &space) }
    }
    guard let companion = desk.companion, !layout.beside.isEmpty else { return }
    if let refusal = refusal(companion.image) {
      words(&grid, layout.beside, refusal.words, style: refusal.style)
    } else if let sight = space.desk?.companionSight {
      draw(&grid, layout.beside, sight, &space)
    }
  }

  /// Why nothing is to be seen.
  private static func refusal(_ image: FragmentDesk.ImageState) -> (words: String, style: Style)? {
    switch image {
    case .opening: ("opening the photograph", Theme.quiet)
    case .failed(let reason): (reason, Theme.warning)
    case .ready: nil
    }
  }

  private static func draw(_ grid: inout Grid, _ area: Area, _ sight: FragmentDesk.Sight, _ space: inout Workspace) {
    guard !area.isEmpty, let desk = space.desk else { return }
    let size = Size(width: area.width, height: area.height)
    let here = desk.lines.enumerated().filter { $0.element.region.photograph == sight.lines }
    let outlines =
      desk.showsOutlines
      ? here.map {
        Outline(
          region: sight.turn.shown($0 == desk.current ? desk.drawing?.preview ?? $1.region : $1.region),
          isCurrent: $0 == desk.current, isDecided: $1.status.isDecided)
      }
      : here.filter { $0.offset == desk.current }.map {
        Outline(region: sight.turn.shown($1.region), isCurrent: true, isDecided: false)
      }
    var key = Key(
      fragment: desk.fragment.id, photograph: sight.pixels, viewport: sight.viewport, degrees: sight.turn.degrees,
      size: size, cellPixels: space.cellPixels, enhancement: enhancement(desk, space.imageCells), light: sight.light,
      outlines: outlines, drawing: sight.lines == desk.photograph ? desk.drawing?.seen.shown(in: sight.turn) : nil)
    if space.keepsPictures { key.viewport = key.viewport.onCells(in: size) }
    let image: any ViewablePhotograph =
      sight.turn.degrees == 0 ? sight.image : TurnedPhotograph(sight.image, sight.turn)
    do {
      if space.keepsPictures, PhotographParts.canPart(key) {
        for part in try space.desk?.parts.pictures(of: image, key, in: area, space.imageCells) ?? [] {
          grid.put(part)
        }
      } else {
        let known = desk.paintings.first { $0.key == key }
        let painting = try known ?? Painting(key: key, pixels: try paint(image, key))
        // As many as are seen at once.
        if known == nil { space.desk?.paintings = [painting] + desk.paintings.prefix(1) }
        var encoding = space.imageCells
        encoding.tones = try space.desk?.sheetTones(
          of: sight.image, key, lines: here.map(\.element), depth: space.imageCells.depth)
        grid.put(Picture(painting.pixels, in: area, encoding: encoding))
      }
    } catch {
      words(&grid, area, Wording.error(error), style: Theme.warning)
      return
    }
    labels(&grid, area, desk, sight, here, space.imageCells.depth)
    if desk.showsOutlines, let measure = sight.image.pixelsPerMillimetre,
      let bar = ScaleBar(pixelsPerMillimetre: measure, scale: sight.viewport.scale, width: area.width)
    {
      bar.draw(&grid, area, depth: space.imageCells.depth)
    }
  }

  /// What the scholar chose; where there are hardly any colours the contrast is always stretched.
  static func enhancement(_ desk: FragmentDesk, _ encoder: ImageCells) -> Enhancement {
    encoder.depth < .palette ? desk.enhancement.union(.stretch) : desk.enhancement
  }

  /// The whole pane.
  ///
  /// - Parameter margin: canvas pixels beyond the edges that are drawn as well, so that parts join.
  static func paint(_ image: any ViewablePhotograph, _ key: Key, margin: Double = 0) throws -> Pixels {
    let (columns, rows) = (key.cellPixels.width, key.cellPixels.height)
    var canvas = Canvas(width: key.size.width * columns, height: key.size.height * rows, grey: 16)
    let seen = key.viewport.seen(in: key.size)
    // Photograph pixels per canvas pixel, across and down.
    let (stepX, stepY) = (key.viewport.scale / Double(columns), key.viewport.scale * 2 / Double(rows))
    // Whole pixels around what is seen, so that a magnified view does not jump by fractions.
    let left = max(0, Int((seen.x - margin * stepX).rounded(.down)))
    let top = max(0, Int((seen.y - margin * stepY).rounded(.down)))
    let right = min(image.width, Int((seen.x + seen.width + margin * stepX).rounded(.up)))
    let bottom = min(image.height, Int((seen.y + seen.height + margin * stepY).rounded(.up)))
    if left < right, top < bottom {
      let rect = Rect(x: left, y: top, width: right - left, height: bottom - top)
      let part = try image.view(
        of: rect, width: max(1, Int((Double(rect.width) / stepX).rounded())),
        height: max(1, Int((Double(rect.height) / stepY).rounded())))
      canvas.put(
        key.light.seen(part).enhanced(key.enhancement), x: Int(((Double(left) - seen.x) / stepX).rounded()),
        y: Int(((Double(top) - seen.y) / stepY).rounded()))
    }
    func place(_ point: Point) -> Point { Point(x: (point.x - seen.x) / stepX, y: (point.y - seen.y) / stepY) }
    for outline in key.outlines.sorted(by: { !$0.isCurrent && $1.isCurrent }) {
      let points = outline.region.polygon.points.map(place)
      // Where lines are only a few pixels high their outlines would hide the writing: numbers alone remain.
      let height = (points.map(\.y).max() ?? 0) - (points.map(\.y).min() ?? 0)
      guard outline.isCurrent || height >= 10 else { continue }
      let colour = outline.isCurrent ? current : outline.isDecided ? decided : open
      let strength = outline.isCurrent ? (height >= 10 ? 220 : 130) : 90
      if height >= markedFrom {
        drawCorners(about: points, colour, strength: strength, &canvas)
      } else {
        for (index, point) in points.enumerated() {
          canvas.line(from: point, to: points[(index + 1) % points.count], colour, strength: strength)
        }
      }
      if outline.isCurrent, let drawing = key.drawing {
        drawBaseline(
          outline.region.baseline.map(place), start: (drawing.start ?? drawing.ruler).map(place), drawing.pen, place,
          &canvas)
      }
    }
    return canvas.pixels
  }

  /// A line so many pixels high is marked by its corners: an outline would run through heads and tails.
  private static let markedFrom = 20.0

  private static func drawCorners(
    about points: [Point], _ colour: SIMD3<Int>, strength: Int, _ canvas: inout Canvas
  ) {
    guard let left = points.map(\.x).min(), let right = points.map(\.x).max(), let top = points.map(\.y).min(),
      let bottom = points.map(\.y).max()
    else { return }
    let arm = min(0.25 * (bottom - top), 0.25 * (right - left))
    for (x, towards) in [(left, arm), (right, -arm)] {
      for (y, inwards) in [(top, arm), (bottom, -arm)] {
        let corner = Point(x: x, y: y)
        canvas.line(from: corner, to: Point(x: x + towards, y: y), colour, strength: strength)
        canvas.line(from: corner, to: Point(x: x, y: y + inwards), colour, strength: strength)
      }
    }
  }

  /// What a hand takes hold of: the baseline with its points, and the line that is being drawn.
  private static func drawBaseline(
    _ points: [Point], start: Point?, _ pen: Point, _ place: (Point) -> Point, _ canvas: inout Canvas
  ) {
    for (a, b) in zip(points, points.dropFirst()) { canvas.line(from: a, to: b, hand, strength: 230) }
    for point in points {
      for (x, y) in [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)] {
        guard abs(point.x) < 1e6, abs(point.y) < 1e6 else { continue }
        canvas.blend(x: Int(point.x) + x, y: Int(point.y) + y, hand, strength: 256)
      }
    }
    if let start { canvas.line(from: start, to: place(pen), hand, strength: 256) }
  }

  /// The cursor stands where the pen is.
  static func drawPen(_ grid: inout Grid, _ area: Area, _ space: Workspace) {
    guard let desk = space.desk, let drawing = desk.drawing, !area.isEmpty else { return }
    let seen = desk.viewport.seen(in: Size(width: area.width, height: area.height))
    let pen = desk.turn?.shown(drawing.pen) ?? drawing.pen
    let x = (pen.x - seen.x) / desk.viewport.scale
    let y = (pen.y - seen.y) / (2 * desk.viewport.scale)
    guard x >= 0, y >= 0, x < Double(area.width), y < Double(area.height) else { return }
    grid.cursor = Grid.Place(x: area.x + Int(x), y: area.y + Int(y))
  }

  /// The lines' numbers, left of where they begin.
  private static func labels(
    _ grid: inout Grid, _ area: Area, _ desk: FragmentDesk, _ sight: FragmentDesk.Sight,
    _ lines: [(offset: Int, element: LineState)], _ depth: ColourDepth
  ) {
    guard desk.showsOutlines else { return }
    let seen = sight.viewport.seen(in: Size(width: area.width, height: area.height))
    var lastRow = Int.min
    for (index, line) in lines {
      let region = sight.turn.shown(line.region)
      guard let start = region.baseline.first else { continue }
      let isCurrent = index == desk.current
      let bounds = region.polygon.bounds
      let text = desk.name(index)
      let columnPlace = (Double(bounds.x) - seen.x) / sight.viewport.scale
      let rowPlace = (start.y - seen.y) / (sight.viewport.scale * 2)
      guard columnPlace.isFinite, rowPlace.isFinite, abs(columnPlace) < 1e6, abs(rowPlace) < 1e6 else { continue }
      let row = Int(rowPlace.rounded(.down))
      let column = max(0, Int(columnPlace.rounded(.down)) - text.count)
      // Where lines stand closer than rows, the numbers would cover one another.
      guard row >= 0, row < area.height, column + text.count <= area.width, row != lastRow || isCurrent else {
        continue
      }
      lastRow = row
      // Where there are few colours dark blue would become cyan, and white on it is not seen.
      let ground: UInt8 = depth < .palette ? 4 : 24
      let style = isCurrent ? Theme.marked(depth) : Style(.palette(254), on: .palette(ground))
      grid.put(text, x: area.x + column, y: area.y + row, style: depth == .none && !isCurrent ? .plain : style)
    }
  }

  static func words(_ grid: inout Grid, _ area: Area, _ text: String, style: Style = Theme.quiet) {
    guard area.height > 0, area.width > 4 else { return }
    // Wrapped by words: an error's reason is longer than a pane.
    var line = ""
    var row = max(0, area.height / 2 - 1)
    for word in text.split(separator: " ") {
      if !line.isEmpty, CellWidth.of(line) + 1 + CellWidth.of(word) > area.width - 4 {
        grid.put(line, x: area.x + 2, y: area.y + row, style: style, limit: area.width - 4)
        line = ""
        row += 1
        if row >= area.height { return }
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    grid.put(line, x: area.x + 2, y: area.y + row, style: style, limit: area.width - 4)
  }
}
