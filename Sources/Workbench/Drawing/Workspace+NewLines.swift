import Corpus
import Pipeline
import Platform
import Raster

// Drawing a line: between which lines it stands, how it lies on its ink, what it is called by the journals.
extension Workspace {
  /// The regions of the photograph that is looked at.
  var regionsHere: [LineRegion] {
    guard let desk else { return [] }
    return desk.lines.map(\.region).filter { $0.photograph == desk.photograph }
  }

  /// A line as it can be recorded: complete, its outline drawn among the others.
  func finished(_ region: LineRegion, leavingOut others: Set<String> = []) -> LineRegion {
    guard let size = desk?.photographSize else { return region }
    return DrawnLines.outlined(
      region, among: regionsHere.filter { !others.contains($0.id) }, width: size.width, height: size.height)
  }

  /// A line laid on its ink, where it is seen.
  func snapped(_ region: LineRegion) -> LineRegion {
    guard case .ready(let photograph) = desk?.image else { return region }
    var region = region
    region.xHeight = DrawnLines.xHeight(of: region) ?? usualXHeight
    let part = InkSnap.part(for: region, width: photograph.width, height: photograph.height)
    guard !part.isEmpty else { return region }
    // Letters of 32 pixels are seen as well as larger ones.
    let scale = max(1, (region.xHeight ?? 0) / 32)
    let (width, height) = (max(1, Int(Double(part.width) / scale)), max(1, Int(Double(part.height) / scale)))
    guard let image = try? photograph.view(of: part, width: width, height: height) else { return region }
    return InkSnap.snapped(region, on: image, of: part, scale: Double(part.width) / Double(width))
  }

  var usualXHeight: Double { DrawnLines.usualXHeight(of: regionsHere) ?? 24 }

  /// The current line, where it lies on the photograph that is looked at; says so where there is none.
  mutating func lineHere() -> LineState? {
    guard let desk, let line = desk.line, line.region.photograph == desk.photograph, line.region.baseline.count >= 2
    else {
      message = .note("There is no line here: Enter begins a new one.")
      return nil
    }
    return line
  }

  /// Draws the current line anew.
  mutating func change(_ body: (LineRegion) -> LineRegion?) -> [Effect] {
    guard let line = lineHere() else { return [] }
    guard let changed = body(line.region) else {
      message = .note("Nothing would remain of the line.")
      return []
    }
    let region = finished(changed)
    guard region != line.region else { return [] }
    return redraw([LineChange(region, of: line)])
  }

  /// A first Enter says where a new line begins, a second one where it ends.
  mutating func drawLine() -> [Effect] {
    guard let desk, let drawing = desk.drawing else { return [] }
    guard let start = drawing.start else {
      self.desk?.drawing?.start = drawing.pen
      message = .note("A new line begins here: go to its end and press Enter.  Esc drops it.")
      return []
    }
    return drawLine(from: start, to: drawing.pen)
  }

  mutating func drawLine(from start: Point, to end: Point) -> [Effect] {
    guard let desk else { return [] }
    // Drawn from right to left it is a line all the same; `t` turns one that is read so.
    let isAcross = abs(end.x - start.x) >= abs(end.y - start.y)
    let points = isAcross && end.x < start.x ? [end, start] : [start, end]
    let length = max(abs(end.x - start.x), abs(end.y - start.y))
    guard length >= usualXHeight / 2 else {
      message = .note("That is too short for a line.")
      return []
    }
    let column = nearestColumn(to: points)
    var region = DrawnLines.drawn(
      through: points, id: newID(points), photograph: desk.photograph, column: column, xHeight: usualXHeight)
    region = snapped(region)
    region.place = place(for: region)
    region = finished(region)
    return redraw([LineChange(region, of: nil, text: nil)], selecting: region.id)
  }

  /// The column of the line that stands nearest above or below; the first where there is none.
  func nearestColumn(to points: [Point]) -> Int {
    let middle = Point(x: (points[0].x + points[1].x) / 2, y: (points[0].y + points[1].y) / 2)
    let near = regionsHere.compactMap { region in
      DrawnLines.distance(of: middle, from: region).map { (region.column, abs($0)) }
    }
    return near.min { $0.1 < $1.1 }?.0 ?? regionsHere.last?.column ?? 0
  }

  /// Between the lines of its column above and below it.
  func place(for region: LineRegion) -> Double {
    guard let desk else { return 0 }
    let here = desk.lines.filter { $0.region.photograph == region.photograph }
    let middle = Point(
      x: ((region.baseline.first?.x ?? 0) + (region.baseline.last?.x ?? 0)) / 2, y: region.baseline.first?.y ?? 0)
    let below = here.firstIndex { line in
      guard line.region.column == region.column else { return false }
      let own = line.region.baseline
      let levelled = DrawnLines.distance(of: middle, from: line.region) ?? middle.y - (own.first?.y ?? 0)
      return levelled < 0
    }
    if let below { return place(before: below, in: here) }
    let last = here.lastIndex { $0.region.column == region.column }
    return place(before: last.map { $0 + 1 } ?? here.count, in: here)
  }

  /// A place before the `index`-th of some lines and behind the one before it.
  func place(before index: Int, in lines: [LineState]) -> Double {
    let (before, next) = (index > 0 ? lines[index - 1].place : nil, index < lines.count ? lines[index].place : nil)
    switch (before, next) {
    case (let a?, let b?): return (a + b) / 2
    case (let a?, nil): return a + 1
    case (nil, let b?): return b - 1
    case (nil, nil): return 0
    }
  }

  /// An id that nobody has, nor another machine gives: by what is drawn, by whom and when.
  func newID(_ points: [Point]) -> String {
    let known = Set(desk?.lines.map(\.region.id) ?? [])
    var number = 0
    while true {
      let mark = Checksum.crc32c(Array("\(points) \(scholar) \(clock()) \(number)".utf8))
      // With a letter in front: no number of a line that was found.
      let id = "\(desk?.photograph ?? 0)-d" + String(mark, radix: 36)
      if !known.contains(id) { return id }
      number += 1
    }
  }
}
