import Corpus
import Raster
import Terminal

/// The fragment view's state: one fragment on the desk, its lines, and what is being done to the current one.
struct FragmentDesk: Sendable {
  var fragment: Fragment { didSet { nameLines() } }
  /// Index of the photograph looked at.
  var photograph: Int
  var image = ImageState.opening
  /// Another photograph beside it or in its place.
  var companion: Companion?
  /// How far photographs are turned as they are shown, clockwise, by their index.
  var degrees: [Int: Int] = [:]
  /// All lines in reading order; those of other photographs too.
  var lines: [LineState] { didSet { nameLines() } }
  /// What the lines are called, in their order.
  private(set) var names: [LineNumber] = []
  /// Index into `lines`.
  private(set) var current = 0
  /// The line to go to when the lines come; nil for the first that is open.
  var wantedLine: String?
  /// Which candidate of the current line is marked, for Enter.
  var candidate = 0
  var viewport = Viewport()
  var enhancement: Enhancement = []
  /// Which of the photograph's colours are looked at.
  var light = Light.all
  var showsOutlines = true
  /// Whether the photograph was not seen yet: the view then goes to the writing.
  var isFirstLook = true
  /// Whether the scholar has said what he wants to see of it: what comes later then leaves the view alone.
  var isViewChosen = false
  var arrangement = Arrangement.both
  /// Steps the strip was moved along the line by hand; nil follows the cursor.
  var stripShift: Double?
  /// First line of the transcription on the screen.
  var transcriptionTop = 0
  /// First candidate on the screen.
  var candidateTop = 0
  var editor: LineEditor?
  /// What was decided about the current line, while it is looked at.
  var past: LinePast?
  /// What the known texts are asked about the line in the editor, while that is looked at.
  var consultation: Consultation?
  /// What was put into a line's text as the known texts propose it, by the line.
  var restored: [String: [Restored]] = [:]
  /// The forms of a letter, in the place of the strip; till the next key.
  var chart: LetterChart?
  /// How many decided lines the reader knew when it offered what a line has now; the others it offered knowing none.
  var known: [String: Int] = [:]
  /// What was said of its lines without deciding about them.
  var remarks: [String: LineRemarks] = [:]
  /// The lines that are read a second time, till they are: what others read there is not in `lines`.
  var blind: Set<String> = []
  /// What was read so, until the first reading comes.
  var secondReading: Remark?
  /// That reading and the first, where they differ.
  var comparison: Comparison?
  /// Set while lines are drawn.
  var drawing: Drawing?
  /// What is not Leiden+ in the editor's text as it is typed; not yet, mostly. Or a slip.
  var trouble: Refusal?
  /// Why the editor's text was refused.
  var refusal: Refusal?
  var history = History()
  var reading = ReadingState.idle
  /// Whether it was read while it lay here, and before. A reading of no lines is a reading: what it leaves open is not read again unasked.
  var wasRead = false
  private(set) var hadReading: Bool
  /// What was drawn last, for as long as nothing about it changes.
  var paintings: [PhotographPane.Painting] = []
  /// The parts of the photograph that were drawn last, for screens that keep them.
  var parts = PhotographParts()
  /// The colours of the sheets that are seen, where there are 256.
  var sheets: [SheetColours] = []
  var strip: StripImage?
  /// What of it was drawn last.
  var stripView: StripPane.Painting?
  /// Where strips come from.
  let strips: StripShelf
  /// When the current line was come to, in seconds of the session's clock.
  var arrival: Double

  enum ImageState: Sendable {
    case opening
    case ready(any ViewablePhotograph)
    case failed(String)
  }

  enum ReadingState: Hashable, Sendable {
    case idle
    case waiting
    case running(done: Int, of: Int)
    case failed(String)
  }

  /// What fills the window.
  enum Arrangement: CaseIterable, Hashable, Sendable { case both, photograph, line }

  /// Text that is not Leiden+, or can hardly be meant: where and why.
  struct Refusal: Hashable, Sendable {
    /// Letter of the text, from 0.
    var letter: Int
    var reason: String
    /// What could stand there; may be empty.
    var remedy = ""
    /// Whether it is Leiden+, and taken as it stands by whoever means it.
    var isSlip = false
  }

  init(_ row: FragmentRow, lines: [LineState], time: Double, strips: StripShelf = StripShelf()) {
    self.strips = strips
    fragment = row.fragment
    hadReading = row.isRead
    self.lines = lines
    photograph = lines.first.map(\.region.photograph) ?? 0
    arrival = time
    if let open = lines.firstIndex(where: { !$0.status.isDecided }) { current = open }
    if lines.indices.contains(current) { photograph = lines[current].region.photograph }
    nameLines()
  }

  private mutating func nameLines() {
    names = LineNumber.all(of: lines.map(\.region), on: fragment.photographs)
  }

  /// What a line is called.
  func name(_ index: Int) -> String { names.indices.contains(index) ? names[index].description : "\(index + 1)" }

  var line: LineState? { lines.indices.contains(current) ? lines[current] : nil }

  var photographSize: Size? {
    guard fragment.photographs.indices.contains(photograph) else { return nil }
    if case .ready(let image) = image { return Size(width: image.width, height: image.height) }
    let stated = fragment.photographs[photograph]
    return Size(width: stated.width, height: stated.height)
  }

  /// Goes to a line. Returns whether its photograph is another one.
  @discardableResult
  mutating func go(to index: Int, time: Double) -> Bool {
    guard lines.indices.contains(index) else { return false }
    if index != current {
      arrival = time
      candidate = 0
      candidateTop = 0
      stripShift = nil
    }
    current = index
    guard lines[index].region.photograph != photograph else { return false }
    turn(to: lines[index].region.photograph)
    return true
  }

  /// The next line nobody has decided about, from the current one on and round to the start; nil where all are decided.
  func nextOpen(backward: Bool = false) -> Int? {
    guard !lines.isEmpty else { return nil }
    for step in 1...lines.count {
      let index = (current + (backward ? lines.count - step : step)) % lines.count
      if !lines[index].status.isDecided { return index }
    }
    return nil
  }

  /// Takes the lines anew, staying on the same one where it is still there.
  mutating func replaceLines(_ new: [LineState]) {
    let id = line?.region.id
    known = [:]
    lines = new.map { $0.unread(if: blind.contains($0.region.id)) }
    current = id.flatMap { id in new.firstIndex { $0.region.id == id } } ?? min(current, max(0, new.count - 1))
    if !(line?.candidates.indices.contains(candidate) ?? false) { candidate = 0 }
  }

  /// What an edition says of the line, as long as nobody decided.
  var openEdition: EditionOffer? { line.flatMap { $0.status.isDecided ? nil : $0.edition } }

  /// What was said of the current line, where anything is to be seen of it.
  var seenRemarks: LineRemarks? { line.flatMap { remarks[$0.region.id] }.flatMap { $0.isSeen ? $0 : nil } }

  /// Rows in which it is told why a text was refused, and the way out to its end.
  func refusalRows(of height: Int, width: Int) -> Int {
    guard let refusal, height > 2 else { return min(1, height) }
    return min(height, 1 + max(1, Wording.folded(refusal.remedy, width: width - 4).count))
  }

  /// Rows that stand above the candidates in a pane of some size: why a text was refused, or who decided otherwise, and what an edition says.
  func rowsAboveCandidates(of height: Int, width: Int) -> Int {
    var rows = 0
    if refusal != nil {
      rows = refusalRows(of: height, width: width)
    } else if line?.conflict != nil {
      rows = min(1, height)
    } else if let comparison, comparison.line == line?.region.id {
      rows = min(2, height)
    }
    if openEdition != nil, height - rows > 1 { rows += 1 }
    if seenRemarks != nil, height - rows > 1 { rows += 1 }
    return rows
  }

  var decided: Int { lines.count { $0.status.isDecided } }
}

/// A scholar's decisions on a fragment that can be taken back, and those taken back that can be made again.
struct History: Hashable, Sendable {
  /// Decisions that were made together, mostly one, and what its line said before.
  struct Step: Hashable, Sendable {
    var decisions: [Correction]
    var textBefore: String?

    init(_ decision: Correction, textBefore: String?) {
      decisions = [decision]
      self.textBefore = textBefore
    }

    init(redrawing decisions: [Correction]) {
      self.decisions = decisions
      textBefore = decisions.first?.before
    }

    /// Whether it is about where lines are.
    var isRedrawing: Bool { decisions.contains { $0.action == .redrew || $0.continues || $0.regionBefore != nil } }

    func isAbout(_ line: String) -> Bool { decisions.contains { $0.region.id == line } }
  }

  var done: [Step] = []
  var undone: [Step] = []

  init() {}

  /// What stands in the journals: one can take back yesterday's decision as well.
  init(replaying corrections: [Correction], by scholar: String) {
    var texts: [String: String] = [:]
    for correction in corrections {
      let id = correction.region.id
      let before = texts[id]
      texts[id] = correction.after
      if correction.isOffer { continue }
      if correction.action == .reverted {
        // A step is taken back from its end.
        let taken = correction.continues ? nil : done.lastIndex { $0.isTakenBack(by: correction) }
        if let taken, correction.scholar == scholar { done.remove(at: taken) }
        continue
      }
      // What somebody else has decided since is not for this one to take back.
      done.removeAll { $0.isAbout(id) && correction.scholar != scholar }
      guard correction.scholar == scholar else { continue }
      if correction.continues, let last = done.indices.last,
        done[last].decisions.last?.stamp?.writer == correction.stamp?.writer
      {
        done[last].decisions.append(correction)
      } else {
        done.append(Step(correction, textBefore: before))
      }
    }
  }
}

extension History.Step {
  /// Whether a record that takes something back begins to take this back.
  fileprivate func isTakenBack(by correction: Correction) -> Bool {
    guard let last = decisions.last, last.region.id == correction.region.id else { return false }
    return isRedrawing ? last.regionBefore ?? last.region.gone == correction.region : textBefore == correction.after
  }

  /// The decisions that take it back, last first: each line is again where it was and says what it said.
  func takenBack() -> [Correction] {
    decisions.reversed().enumerated().map { index, decision in
      var back = decision
      back.stamp = nil
      back.seen = nil
      back.region = decision.regionBefore ?? (decision.action == .redrew ? decision.region.gone : decision.region)
      back.regionBefore = decision.region
      (back.before, back.after) = (decision.after, decision.before)
      back.action = .reverted
      (back.offered, back.model) = ([], nil)
      back.continues = index > 0
      back.seconds = 0
      return back
    }
  }
}
