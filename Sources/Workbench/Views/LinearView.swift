import Corpus
import Platform
import Terminal
import Text

/// The workbench in plain lines, for screen readers: where one is, what is marked there, what it says. No boxes, no pictures, no lists but what is
/// marked of them; doubt is told in words.
///
/// Each thing keeps its row, so that only what changed is written (`LinearWriter`): the place, a message, what is marked, its text, what may be typed
/// at; below them candidates, or the keys.
enum LinearView {
  /// Rows of text, and the row that is typed at: there the cursor stands at its end.
  struct Lines: Hashable, Sendable {
    var place = ""
    var message = ""
    var marked = ""
    var text = ""
    var aside: [String] = ["", "", ""]
    var below: [String] = []
    var isTyping = false
  }

  static func grid(_ space: Workspace) -> Grid {
    let lines = lines(space)
    let rows = ([lines.place, lines.message, lines.marked, lines.text] + lines.aside + lines.below).map(CleanText.line)
    var grid = Grid(Size(width: (rows.map { CellWidth.of($0) }.max() ?? 0) + 1, height: rows.count))
    for (y, row) in rows.enumerated() { grid.put(row, x: 0, y: y) }
    if lines.isTyping { grid.cursor = Grid.Place(x: CellWidth.of(rows[3]), y: 3) }
    return grid
  }

  static func lines(_ space: Workspace) -> Lines {
    var lines =
      switch space.view {
      case .corpus, .filter, .jump, .search: corpus(space)
      case .found: found(space)
      case .queue: queue(space)
      case .kept: kept(space)
      case .metadata, .describing: metadata(space)
      case .consulting: consultation(space)
      case .fragment, .asking, .editor, .drawing, .numbering, .remarking, .history:
        space.desk == nil ? queue(space) : fragment(space)
      case .palette: palette(space)
      case .help: help(space)
      }
    if ViewKind.prompts.contains(space.view) { type(space.promptLabel, space.promptLine.editor, &lines) }
    lines.message = space.message?.text ?? ""
    if let tour = space.tour { lines.aside.append(tour.words(space.keys)) }
    return lines
  }

  private static func type(_ label: String, _ editor: LineEditor, _ lines: inout Lines) {
    lines.text = label.trimmed + " " + editor.text
    lines.isTyping = true
    guard editor.cursor < editor.letters.count else { return }
    lines.aside[0] = "Before letter \(editor.cursor + 1) of \(editor.letters.count), \(editor.letters[editor.cursor])"
    if !editor.selection.isEmpty { lines.aside[0] += "; selected: \(String(editor.letters[editor.selection]))" }
  }

  private static func corpus(_ space: Workspace) -> Lines {
    let list = space.list
    var lines = Lines(
      place: "Corpus \(space.corpusName), \(CorpusView.summary(list)), \(CorpusView.readerWords(space))")
    guard let row = list.currentRow else {
      lines.marked = CorpusView.emptyWords(list)
      return lines
    }
    let fragment = row.fragment
    let words = [fragment.title, Wording.date(fragment.date), fragment.place ?? ""].filter { !$0.isEmpty }
    let work =
      row.lines == 0 ? Wording.state(row) : "\(row.decided) of \(Wording.count(row.lines, "line", "lines")) decided"
    lines.marked =
      "\(list.current + 1) of \(list.listed.count): " + ([fragment.id] + words + [work]).joined(separator: ", ")
    return lines
  }

  private static func found(_ space: Workspace) -> Lines {
    var lines = Lines(place: "Lines found: \(space.search.text)")
    guard let hit = space.search.hit else { return lines }
    let (before, found, after) = hit.context
    lines.marked =
      "\(space.search.current + 1) of \(space.search.hits.count): \(hit.fragment), line \(hit.line.number), "
      + (hit.line.isDecided ? "decided by a scholar" : "as the model offers it")
    lines.text = before + found + after
    return lines
  }

  private static func queue(_ space: Workspace) -> Lines {
    let queue = space.queue
    var lines = Lines(
      place: "Queue, \(QueueView.words(queue.kind, queue.order)), \(queue.left) left, \(QueueView.words(queue.figures))"
    )
    guard let line = queue.line else {
      lines.marked = QueueView.empty(queue.kind)
      return lines
    }
    lines.marked =
      "\(queue.current + 1) of \(queue.lines.count): \(line.fragment), line \(line.number)"
      + (queue.isDone(line) ? ", done" : "")
    lines.aside[1] = QueueView.remarkWords(line.remarks)
    if queue.kind != .second || queue.isDone(line) {
      lines.text =
        line.state.status == .rejected
        ? "" : line.state.text ?? line.state.candidates.first.map { told($0, space.sure) } ?? ""
    }
    return lines
  }

  private static func kept(_ space: Workspace) -> Lines {
    var lines = Lines(place: "What was kept, \(space.keeps.count)")
    guard space.keeps.indices.contains(space.keptMark) else { return lines }
    let (kind, words) = KeptView.told(space.keeps[space.keptMark], space)
    lines.marked = "\(space.keptMark + 1) of \(space.keeps.count): \(kind) \(words)"
    return lines
  }

  private static func metadata(_ space: Workspace) -> Lines {
    guard let metadata = space.metadata else { return Lines() }
    let text = metadata.field.text(of: metadata.fragment)
    return Lines(
      place: "What is known of \(metadata.fragment.id)",
      marked: "\(metadata.field.label(of: metadata.fragment)): \(text.isEmpty ? "nothing is known" : text)")
  }

  private static func palette(_ space: Workspace) -> Lines {
    var lines = Lines(place: "Commands, \(View.of(space.viewBelow).title)")
    let commands = space.paletteCommands
    let mark = min(space.paletteMark, max(0, commands.count - 1))
    lines.marked =
      commands.indices.contains(mark)
      ? "\(mark + 1) of \(commands.count): \(commands[mark].help), \(commands[mark].keyLabel)"
      : "No command has these words."
    type(":", space.promptLine.editor, &lines)
    return lines
  }

  private static func help(_ space: Workspace) -> Lines {
    let below = space.viewBelow
    return Lines(
      place: "Keys, \(View.of(below).title)",
      below: HelpView.lines(for: below, space.keys).map { $0.keys.isEmpty ? "\($0.help):" : "\($0.keys): \($0.help)" })
  }

  private static func consultation(_ space: Workspace) -> Lines {
    guard let consultation = space.desk?.consultation else { return Lines() }
    var lines = Lines(place: consultation.title(proposer: space.knownTextsName))
    switch consultation.answer {
    case .awaited(let words), .failed(let words): lines.marked = words
    case .offers(let offers):
      guard offers.indices.contains(consultation.current) else {
        lines.marked = "Nothing is proposed."
        return lines
      }
      let offer = offers[consultation.current]
      lines.marked =
        "\(consultation.current + 1) of \(offers.count)" + (offer.probability.map { ", \(Wording.percent($0))" } ?? "")
      lines.text = offer.text
      lines.below = offer.parallels.map { "\(ConsultationView.words($0)): \($0.quote)" }
    }
    return lines
  }

  // MARK: A fragment

  private static func fragment(_ space: Workspace) -> Lines {
    guard let desk = space.desk else { return Lines() }
    var lines = Lines(
      place: ([desk.fragment.id, FragmentView.detail(desk), FragmentView.right(space, desk)]).filter { !$0.isEmpty }
        .joined(separator: ", "))
    lines.aside[2] = FragmentView.progress(space, desk)
    guard let line = desk.line else {
      lines.marked = TranscriptionPane.whyEmpty(space, desk)
      return lines
    }
    lines.marked =
      FragmentView.ruleWords(desk) + ", " + (desk.blind.contains(line.region.id) ? "read blind" : words(line.status))
    lines.aside[1] = aside(desk, line)
    if space.view == .history {
      if let decision = desk.past?.marked {
        lines.text = "\(decision.scholar) \(HistoryView.words(decision)): \(decision.after ?? "no text")"
      }
    } else if let editor = desk.editor {
      type("Text:", editor, &lines)
      if let wrong = desk.refusal ?? desk.trouble {
        let start = wrong.isSlip ? "A slip?" : "Not Leiden+"
        lines.aside[1] = "\(start) At letter \(wrong.letter + 1): \(wrong.reason). \(wrong.remedy)".trimmed
      }
    } else {
      lines.text = line.text ?? ""
    }
    lines.below = line.candidates.enumerated().map { index, candidate in
      (index == desk.candidate && index > 0 ? "marked, " : "")
        + "\(index + 1): \(Wording.percent(candidate.probability)), \(told(candidate, space.sure))"
    }
    return lines
  }

  /// A candidate and the letters that are doubtful in it.
  private static func told(_ candidate: Candidate, _ sure: Double) -> String {
    let doubtful = candidate.letters.enumerated().filter { $1.probability < sure }.map { index, letter in
      "letter \(index + 1) \(letter.text.lowercased()) \(Wording.percent(letter.probability))"
    }
    return candidate.leiden + (doubtful.isEmpty ? "" : "; doubtful: " + doubtful.joined(separator: ", "))
  }

  private static func words(_ status: LineState.Status) -> String {
    switch status {
    case .unread: "not read"
    case .read: "not decided"
    case .confirmed: "taken"
    case .edited: "edited"
    case .rejected: "rejected"
    }
  }

  /// What else is known of the line: what others decided, what an edition says, what was remarked.
  private static func aside(_ desk: FragmentDesk, _ line: LineState) -> String {
    var parts: [String] = []
    if let other = line.conflict {
      parts.append("Conflict: \(other.scholar) decided \(other.after ?? "that no offer is right")")
    }
    if let edition = desk.openEdition {
      parts.append(
        "Edition \(edition.edition) \(edition.label), \(Wording.percent(edition.probability)): \(edition.text)")
    }
    if let remarks = desk.seenRemarks { parts.append(QueueView.remarkWords(remarks)) }
    return parts.joined(separator: ". ")
  }
}
