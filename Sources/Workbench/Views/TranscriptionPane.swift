import Corpus
import Terminal

/// The fragment's text line by line, the current one marked.
enum TranscriptionPane {
  static func draw(_ grid: inout Grid, _ area: Area, _ space: inout Workspace) {
    guard let desk = space.desk, !area.isEmpty else { return }
    guard !desk.lines.isEmpty else { return PhotographPane.words(&grid, area, whyEmpty(space, desk)) }
    let top = area.scrolled(from: desk.transcriptionTop, toShow: desk.current, of: desk.lines.count)
    space.desk?.transcriptionTop = top
    let depth = space.imageCells.depth
    let digits = max(2, desk.names.map(\.description.count).max() ?? 0)
    for row in 0..<area.height {
      let index = top + row
      guard desk.lines.indices.contains(index) else { break }
      let line = desk.lines[index]
      let isCurrent = index == desk.current
      let y = area.y + row
      let ground = isCurrent ? Theme.marked(depth) : nil
      if isCurrent { grid.fill(Area(x: area.x, y: y, width: area.width, height: 1), style: Theme.marked(depth)) }
      let number = desk.name(index)
      grid.put(
        String(repeating: " ", count: digits - number.count) + number, x: area.x + 1, y: y, style: ground ?? Theme.quiet
      )
      let (sign, signStyle) = Theme.status(line.status)
      grid.put(String(sign), x: area.x + digits + 2, y: y, style: ground ?? signStyle)
      if isCurrent { grid.put("›", x: area.x, y: y, style: Theme.marked(depth)) }
      if desk.remarks[line.region.id]?.isSeen == true {
        grid.put("*", x: area.x + digits + 3, y: y, style: ground ?? Theme.key)
      }
      let x = area.x + digits + 4
      LineText.put(letters(line, sure: space.sure), &grid, x: x, y: y, limit: max(0, area.maxX - x), ground: ground)
    }
  }

  static func letters(_ line: LineState, sure: Double) -> [LineText.Letter] {
    if let text = line.text { return text.map { LineText.Letter(text: $0, style: Theme.text) } }
    if line.status == .rejected { return "rejected".map { LineText.Letter(text: $0, style: Theme.rejected) } }
    guard let first = line.candidates.first else { return [] }
    return LineText.letters(of: first, sure: sure)
  }

  static func whyEmpty(_ space: Workspace, _ desk: FragmentDesk) -> String {
    switch desk.reading {
    case .waiting: return "waits to be read"
    case .running(let done, let all): return all == 0 ? "looking for lines" : "reading: \(done) of \(all) lines"
    case .failed(let reason): return "could not be read: \(reason)"
    case .idle: break
    }
    switch space.reader {
    case .absent(let reason): return "no lines yet, and no reader: \(reason)"
    default: return "no lines were found. r has it read again"
    }
  }
}
