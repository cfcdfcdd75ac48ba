import Corpus
import Raster
import Terminal
import Text

/// All that the workbench shows and knows, as one value. Keys and news change it (`handle`), views draw it; what
/// it wants done in the world it says as effects.
struct Workspace: Sendable {
  var corpusName: String
  var list: CorpusList
  var desk: FragmentDesk?
  /// The innermost view last.
  var views: [ViewKind] = [.corpus]
  var size: Size
  var imageCells: ImageCells
  var message: Message?
  /// What the prompt at the bottom holds (filter, jump, search, asking).
  var promptLine = Prompt()
  var prompt: String {
    get { promptLine.text }
    set { promptLine.set(newValue) }
  }
  var search = SearchState()
  var queue = QueueState()
  /// What the scholar has kept to find again, newest first, and which of it is marked.
  var keeps: [Kept] = []
  var keptMark = 0
  /// What is known of a fragment, while it is looked at.
  var metadata: MetadataState?
  /// What the prompt says of a line.
  var remarkKind = Remark.Kind.note
  var helpTop = 0
  /// Which of the commands that fit is marked in the palette.
  var paletteMark = 0
  var reader = ReaderState.loading
  var scholar: String
  /// Leiden+ that is no Leiden+: where and why; nil for text that parses.
  var check: @Sendable (String) -> FragmentDesk.Refusal?
  /// Seconds since some moment; only differences count.
  var clock: @Sendable () -> Double
  var types = TypingState()
  /// Where strips come from.
  var strips = StripShelf()
  var keys = KeyTable.standard
  /// Who guides somebody new.
  var tour: Tour?
  /// Whether all is told in plain lines.
  var isLinear = false
  /// Letters less probable than this are doubtful.
  var sure = Theme.sure
  /// Whether a fragment opens with the outlines of its lines.
  var opensOutlined = true
  var drag: MouseEvent?
  /// Texts that were left without saving.
  var drafts: [DeskMemory.Line: String] = [:]
  /// How far photographs are turned as they are shown; those that are not are not in it.
  var turns: [DeskMemory.Sheet: Int] = [:]
  var lastPresentation = Presentation()
  /// What proposes from the known texts; empty before it was asked.
  var knownTextsName = ""
  /// What was kept of the desk last.
  var kept = DeskMemory()

  enum ReaderState: Hashable, Sendable {
    case loading
    case ready(model: String)
    case absent(String)
  }

  struct TypingState: Hashable, Sendable {
    /// Whether the editor starts in Beta Code; as the scholar left it.
    var isBeta = true
  }

  var view: ViewKind { views.last ?? .corpus }

  /// Pixels that a picture has for each cell: as many as the screen shows.
  var cellPixels: Size { pixelsOfCell ?? imageCells.blocks.size }
  /// As many as the screen wants, where it shows pixels.
  var pixelsOfCell: Size?
  /// Whether the screen keeps pictures: the photograph is then given to it in parts.
  var keepsPictures = false
}

/// Where the scholar is. Each has a record of verbs in `View.of(_:)` and its own keys in the command table.
enum ViewKind: String, CaseIterable, Hashable, Sendable {
  case corpus, filter, jump, search, found, queue, fragment, asking, editor, drawing, numbering, remarking, metadata,
    describing, kept, history, consulting, palette, help

  /// Lines at which something is typed, and those of them that have no list beside them to go up and down in.
  static let prompts: [ViewKind] = [.filter, .jump, .search, .asking, .numbering, .remarking, .describing]
  static let promptsAlone: [ViewKind] = [.search, .asking, .numbering, .remarking, .describing]
}

/// What the workbench wants done in the world. The loop does it and answers with news.
enum Effect: Sendable {
  /// Append a decision to the journal; answered by `decided` before anything else happens.
  case record(Correction)
  case openPhotograph(fragment: String, photograph: Int)
  /// Have a fragment read in the background; `again` even where it was read before.
  case read(fragment: String, again: Bool)
  /// Have one line read again, of texts that fit a pattern; answered by `answered`.
  case ask(fragment: String, region: LineRegion, pattern: String)
  /// Have one line read again where it is now; answered by `lineRead`.
  case readLine(fragment: String, region: LineRegion)
  /// Have lines read again that come soon, when more is decided than when they were read; answered by `readAhead`, a line at a time.
  case readAhead(fragment: String, regions: [LineRegion])
  /// Append the decisions of one step about where lines are; answered by `redrawn`.
  case redraw([Correction])
  /// Append what the model offers for a line that was drawn; answered by `offered`.
  case recordOffers(Correction)
  /// Say of an edition's offer that it is of another line; the lines come anew.
  case changeEdition(fragment: String, line: String, FragmentAlignment.Change)
  case loadLines(fragment: String)
  case refreshRow(fragment: String)
  /// Look for a pattern in all texts; answered by `found`.
  case search(LetterPattern)
  /// Put a text into the clipboard of the terminal's owner.
  case copy(String)
  /// Cut a letter's forms out of a fragment; answered by `forms`.
  case findForms(FormsQuestion)
  /// Ask the known texts; answered by `consulted`.
  case consult(TextQuestion)
  /// Every decision about a fragment, for the history of a line; answered by `decisions`.
  case loadDecisions(fragment: String)
  /// What was changed of what is known of a fragment; answered by `descriptions`.
  case loadDescriptions(fragment: String)
  /// Change one thing that is known of a fragment; answered by `described`.
  case describe(fragment: String, MetadataField, String, isUndo: Bool)
  /// Have a text edited in the scholar's own editor; answered by `edited`.
  case editText(fragment: String, String)
  /// After the decisions of such a text: say what became of it.
  case afterEditing(decided: Int, refused: [String], stranger: Int?)
  /// Append a remark; answered by `remarked`.
  case remark(Remark)
  /// Make the queue; answered by `queue`.
  case loadQueue(LineQueue.Kind, LineQueue.Order, Filter?)
  /// What the scholar did today; answered by `figures`.
  case loadFigures
  case redrawAll
  case suspend
  case quit
}

/// What happened in the world.
enum News: Sendable {
  /// A decision is on the disk; another's that it had not seen comes with it.
  case decided(Correction, conflict: Correction?)
  case undecided(Correction, any Error)
  /// All decisions of a step are on the disk.
  case redrawn([Correction])
  case lineRead(fragment: String, region: LineRegion, Result<LineReading, any Error>)
  /// A line read by who knew so many others of the fragment.
  case readAhead(fragment: String, LineReading, knowing: Int)
  case offered(Correction, Result<Void, any Error>)
  case found(LetterPattern, Result<[SearchHit], any Error>)
  /// What was said of an edition's offer could not be kept.
  case editionUnchanged(any Error)
  /// Others have written about these fragments.
  case changed(Set<String>)
  case lines(fragment: String, Result<[LineState], any Error>, decisions: [Correction])
  case decisions(fragment: String, Result<[Correction], any Error>)
  /// A letter as a fragment has it.
  case forms(FormsQuestion, [LetterForm])
  /// What the known texts say, and who says it; or, before that, what takes them so long.
  case consulted(TextQuestion, Result<[TextOffer], any Error>, by: String)
  case consulting(TextQuestion, String)
  case row(IndexEntry)
  /// The table of fragments is another one: some have come, or gone.
  case table(FragmentTable)
  /// So many fragments have come that the table is made anew when the corpus is opened again.
  case grown(by: Int)
  case descriptions(fragment: String, [Remark])
  case described(Fragment, MetadataField, isUndo: Bool)
  case notDescribed(any Error)
  case edited(fragment: String, Result<String, any Error>)
  /// Every remark about a fragment; comes before its lines.
  case remarks(fragment: String, [Remark])
  /// A remark is on the disk.
  case remarked(Remark)
  case notRemarked(any Error)
  case queue(LineQueue.Kind, LineQueue.Order, Result<[QueuedLine], any Error>)
  case figures(DayFigures)
  case photograph(fragment: String, photograph: Int, Result<any ViewablePhotograph, any Error>)
  case readerReady(model: String)
  case readerFailed(String)
  case readingWaits(fragment: String)
  case readingProgress(fragment: String, done: Int, of: Int)
  case readingDone(fragment: String)
  case readingFailed(fragment: String, String)
  case answered(fragment: String, region: LineRegion, pattern: String, Result<LineReading, any Error>)
}
