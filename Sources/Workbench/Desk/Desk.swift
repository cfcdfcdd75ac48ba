import Corpus
import Raster
import Text

/// One row of the corpus view.
public struct FragmentRow: Hashable, Sendable {
  public var fragment: Fragment
  /// Lines known; 0 for a fragment that was never read.
  public var lines: Int
  public var decided: Int
  /// Whether a model has read it, be it that it found nothing.
  public var isRead: Bool
  /// Mean probability of the first candidates, where there are any.
  public var confidence: Double?
  public var state: FragmentState
  /// Why the fragment or its reading is no good: a damaged record, a photograph that could not be read.
  public var problem: String?

  public init(_ entry: IndexEntry) {
    fragment = entry.fragment
    lines = entry.overview.lines
    decided = entry.overview.decided
    isRead = entry.overview.isRead
    confidence = entry.overview.confidence
    state = entry.overview.state
    problem = entry.problem ?? entry.overview.failure
  }
}

/// What the workbench asks of a corpus. `CorpusStore` stands behind it; tests put others there: full disks, read-only folders.
///
/// All calls come from the main thread. Errors are shown to the scholar by their description.
public protocol Desk: AnyObject {
  var name: String { get }
  /// What a scholar should know before the work begins: the corpus is read-only, a journal has a torn tail.
  var warnings: [String] { get }
  /// All fragments. Called once at the start: reads no photograph, and no file for each.
  func table() throws -> FragmentTable
  /// One fragment anew.
  func entry(of fragment: String) throws -> IndexEntry
  /// Lines that hold a pattern, in all current transcriptions.
  func search(_ pattern: LetterPattern) throws -> [SearchHit]
  /// The lines of all photographs in reading order, decisions folded in.
  func lines(of fragment: String) throws -> [LineState]
  /// Every decision about a fragment, oldest first.
  func decisions(of fragment: String) throws -> [Correction]
  /// Takes in what others have written; the fragments that changed.
  func refresh() throws -> Set<String>
  /// Regions that a reading must keep to: given, drawn or decided about. Empty: the reader looks for lines itself.
  func regionsToRead(of fragment: String) throws -> [LineRegion]
  /// Appends a decision. Returns when it is on the disk: only then was it made. What comes back is another's decision about the line that this
  /// one had not seen, if there is one.
  func record(_ decision: Correction) throws -> Correction?
  /// Appends what the reader said.
  func record(_ reading: FragmentReading) throws
  /// Says of an edition's offer that it is not of this line, or of the next one. Returns when it is on the disk.
  func changeEdition(of fragment: String, line: String, _ change: FragmentAlignment.Change) throws
  /// The table anew, where fragments have come or gone since it was last given out; `grown` where making it would take long.
  func newTable() throws -> NewTable?
  /// Changes one thing that is known of a fragment, and writes down who did. Returns the record when it is on the disk.
  func describe(_ fragment: String, by scholar: String, _ change: (inout Fragment) -> Void) throws -> Fragment
  /// Every remark about a fragment, oldest first.
  func remarks(of fragment: String) -> [Remark]
  /// Appends a remark. Returns it, with its time, when it is on the disk.
  func record(_ remark: Remark) throws -> Remark
  /// The lines that wait for a scholar, of the fragments a filter matches.
  func queue(
    _ kind: LineQueue.Kind, by order: LineQueue.Order, for scholar: String, matching filter: Filter?
  ) throws -> [QueuedLine]
  /// What a scholar did today.
  func figures(of scholar: String) throws -> DayFigures
  /// Where the scholar was the last time; nil where nobody knows.
  func remembered() -> DeskMemory?
  /// Keeps it. What cannot be kept is forgotten: it is comfort, no work.
  func remember(_ memory: DeskMemory)
  /// Where a photograph lies, and where its tiles may be kept.
  func paths(of fragment: String, photograph: Int) throws -> PhotographPaths
}

/// What became of the list of fragments.
public enum NewTable: Sendable {
  case table(FragmentTable)
  case grown(by: Int)
}

public struct PhotographPaths: Hashable, Sendable {
  public var photograph: String
  public var tiles: String

  public init(photograph: String, tiles: String) {
    self.photograph = photograph
    self.tiles = tiles
  }
}
