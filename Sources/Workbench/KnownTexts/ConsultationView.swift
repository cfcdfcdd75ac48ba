import Corpus
import Terminal
import Text

/// What the known texts say, in the place of the transcription and the photograph: the line's ink stays in sight below.
enum ConsultationView {
  static func draw(_ grid: inout Grid, _ area: Area, _ space: inout Workspace) {
    guard let consultation = space.desk?.consultation, !area.isEmpty else { return }
    grid.fill(area)
    var rest = area
    grid.putLine(" " + consultation.title(proposer: space.knownTextsName), in: rest.takeTop(1), style: Theme.heading)
    switch consultation.answer {
    case .awaited(let words): return grid.putLine(" " + words, in: rest, style: Theme.quiet)
    case .failed(let reason):
      for (row, words) in lines(of: reason, width: area.width - 2).prefix(rest.height).enumerated() {
        grid.putLine(" " + words, in: rest, row: row, style: Theme.warning)
      }
    case .offers(let offers):
      guard !offers.isEmpty else { return grid.putLine(" Nothing is proposed.", in: rest, style: Theme.quiet) }
      let marked = offers.indices.contains(consultation.current) ? offers[consultation.current] : nil
      // A parallel that stands for itself says where it stands.
      let witnesses = marked.map { $0.probability == nil ? [] : $0.parallels } ?? []
      // A parallel has a row for what it is and one for what it says.
      let below = rest.takeBottom(min(2 * witnesses.count, max(0, rest.height - min(offers.count, rest.height / 2))))
      let top = rest.scrolled(from: consultation.top, toShow: consultation.current, of: offers.count)
      space.desk?.consultation?.top = top
      for row in 0..<rest.height where offers.indices.contains(top + row) {
        draw(
          &grid, Area(x: rest.x, y: rest.y + row, width: rest.width, height: 1), offers[top + row],
          number: top + row + 1,
          isMarked: top + row == consultation.current, depth: space.imageCells.depth)
      }
      draw(&grid, below, witnesses)
    }
  }

  /// A sentence in lines, cut at blanks.
  private static func lines(of sentence: String, width: Int) -> [String] {
    var lines = [""]
    for word in sentence.split(separator: " ") {
      let longer = lines[lines.count - 1] + (lines[lines.count - 1].isEmpty ? "" : " ") + word
      if CellWidth.of(longer) <= width || lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  private static func draw(
    _ grid: inout Grid, _ line: Area, _ offer: TextOffer, number: Int, isMarked: Bool, depth: ColourDepth
  ) {
    let style = isMarked ? Theme.marked(depth) : Theme.text
    if isMarked { grid.fill(line, style: style) }
    let share = offer.probability.map(Wording.percent) ?? ""
    let head = "\(number < 10 ? " " : "")\(number) \(String(repeating: " ", count: max(0, 4 - share.count)))\(share) "
    grid.put(head, x: line.x, y: line.y, style: isMarked ? style : Theme.quiet, limit: line.width)
    let start = line.x + head.count + 1
    guard start < line.maxX else { return }
    let end = grid.put(offer.text, x: start, y: line.y, style: style, limit: line.maxX - start)
    guard offer.probability == nil, let place = offer.parallels.first, start + end + 3 < line.maxX else { return }
    grid.put(
      "  " + words(place), x: start + end, y: line.y, style: isMarked ? style : Theme.quiet,
      limit: line.maxX - start - end)
  }

  private static func draw(_ grid: inout Grid, _ area: Area, _ parallels: [TextParallel]) {
    for (number, parallel) in parallels.enumerated() where 2 * number + 1 < area.height {
      grid.putLine("      " + words(parallel), in: area, row: 2 * number, style: Theme.quiet)
      grid.putLine("        " + parallel.quote, in: area, row: 2 * number + 1, style: Theme.text)
    }
  }

  static func words(_ parallel: TextParallel) -> String {
    ["\(parallel.text) \(parallel.line)", parallel.date, parallel.place].filter { !$0.isEmpty }.joined(separator: " · ")
  }
}
