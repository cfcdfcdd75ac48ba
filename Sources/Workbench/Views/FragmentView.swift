import Corpus
import Terminal
import Text

/// One fragment: photograph, transcription, the current line's strip, its candidates.
enum FragmentView {
  static func draw(_ grid: inout Grid, _ space: inout Workspace) {
    guard let desk = space.desk else { return }
    let layout = FragmentLayout(grid.size, desk)
    defer { if space.view == .drawing { PhotographPane.drawPen(&grid, layout.photograph, space) } }
    let depth = space.imageCells.depth
    Chrome.header(
      &grid, layout.header, left: desk.fragment.id, detail: detail(desk), right: right(space, desk), depth: depth)
    PhotographPane.draw(&grid, layout, &space)
    for y in 0..<layout.divider.height {
      grid.put("│", x: layout.divider.x, y: layout.divider.y + y, style: Theme.quiet)
    }
    TranscriptionPane.draw(&grid, layout.transcription, &space)
    let trouble = desk.refusal == nil && desk.chart == nil ? desk.trouble : nil
    Chrome.rule(
      &grid, layout.rule, desk.chart?.words ?? trouble.map { words($0, desk) } ?? ruleWords(desk),
      right: progress(space, desk), style: trouble == nil ? Theme.heading : Theme.rejected)
    if let chart = desk.chart {
      chart.draw(&grid, image: layout.strip, names: layout.letters, space)
    } else {
      StripPane.draw(&grid, image: layout.strip, letters: layout.letters, &space)
    }
    CandidatePane.drawText(&grid, layout.text, space)
    var candidates = layout.candidates
    if let refusal = desk.refusal {
      // Where there is no room for candidates the reason still shows.
      let rows = desk.refusalRows(of: candidates.height, width: candidates.width)
      let area = candidates.isEmpty ? layout.rule : candidates.takeTop(rows)
      CandidatePane.drawRefusal(&grid, area, refusal, depth: depth)
    } else if let other = desk.line?.conflict, !candidates.isEmpty {
      CandidatePane.drawConflict(&grid, candidates.takeTop(1), other)
    } else if let difference = desk.comparison, difference.line == desk.line?.region.id, !candidates.isEmpty {
      CandidatePane.drawDifference(&grid, candidates.takeTop(min(2, candidates.height)), difference)
    }
    if let edition = desk.openEdition, candidates.height > 1 {
      CandidatePane.drawEdition(&grid, candidates.takeTop(1), edition)
    }
    if let remarks = desk.seenRemarks, candidates.height > 1 {
      CandidatePane.drawRemarks(&grid, candidates.takeTop(1), remarks)
    }
    CandidatePane.drawCandidates(&grid, candidates, &space)
    let above = Area(
      x: 0, y: layout.header.maxY, width: grid.size.width,
      height: max(layout.photograph.height, layout.transcription.height))
    if space.view == .history { HistoryView.draw(&grid, above, &space) }
    if space.view == .consulting { ConsultationView.draw(&grid, above, &space) }
    Chrome.footer(&grid, layout.footer, space, covers: min(2, layout.candidates.height))
  }

  static func detail(_ desk: FragmentDesk) -> String {
    [desk.fragment.title, Wording.date(desk.fragment.date), desk.fragment.place ?? ""].filter { !$0.isEmpty }
      .joined(separator: " · ")
  }

  static func right(_ space: Workspace, _ desk: FragmentDesk) -> String {
    var parts: [String] = []
    if space.isQueued { parts.append("queue \(space.queue.current + 1)/\(space.queue.lines.count)") }
    if let words = desk.photographWords { parts.append(words) }
    if let degrees = desk.turn?.degrees, degrees != 0 { parts.append("turned \(degrees)°") }
    if !desk.lines.isEmpty { parts.append("\(desk.decided)/\(desk.lines.count) decided") }
    return parts.joined(separator: " · ")
  }

  /// What is not Leiden+ yet, while it is typed; of a slip also what is meant.
  private static func words(_ trouble: FragmentDesk.Refusal, _ desk: FragmentDesk) -> String {
    "line \(desk.name(desk.current)), letter \(trouble.letter + 1): \(trouble.reason)"
      + (trouble.isSlip ? "; \(trouble.remedy)" : "")
  }

  static func ruleWords(_ desk: FragmentDesk) -> String {
    guard desk.line != nil else { return "no lines" }
    let (name, place) = (desk.name(desk.current), "\(desk.current + 1)")
    return "line \(name) " + (name == place ? "of \(desk.lines.count)" : "(\(place) of \(desk.lines.count))")
      + (desk.line?.region.wordsOfRegion.map { " · \($0)" } ?? "") + inkWords(desk)
  }

  /// What the ink alone says, where that is far from what is offered: a line to look at.
  private static func inkWords(_ desk: FragmentDesk) -> String {
    guard let line = desk.line, !line.status.isDecided, line.candidates.indices.contains(desk.candidate),
      let ink = line.candidates[desk.candidate].inkAlone, ink.preference >= InkReading.strong
    else { return "" }
    return " · the ink alone: \(ink.text.lowercased())"
  }

  /// While a text is edited: what the letter at the cursor could be, as the model sees it; Alt and the number put it in.
  private static func alternatives(_ space: Workspace) -> String? {
    space.lettersHere?.all.enumerated().map { number, other in
      "\(number + 1) \(other.text.isEmpty ? "none" : other.text.lowercased()) \(Wording.percent(other.probability))"
    }.joined(separator: "  ")
  }

  /// What goes on in the background, else who offered the candidates.
  static func progress(_ space: Workspace, _ desk: FragmentDesk) -> String {
    switch desk.reading {
    case .waiting: return "waits to be read"
    case .running(let done, let all): return all == 0 ? "looking for lines" : "reading \(done)/\(all)"
    case .failed: return "could not be read"
    case .idle: break
    }
    if let measured = desk.measured { return measured }
    if let others = alternatives(space) { return others }
    if let line = desk.line, let model = line.model {
      let known = line.status.isDecided ? nil : desk.known[line.region.id]
      return "read by \(model)" + (known.map { ", knowing \(Wording.count($0, "line", "lines"))" } ?? "")
    }
    return CorpusView.readerWords(space)
  }
}
