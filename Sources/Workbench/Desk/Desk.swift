import Corpus
import Raster

/// One row of the corpus view.
public struct FragmentRow: Hashable, Sendable {
  public var fragment: Fragment
  /// Lines known; 0 for a fragment that was never read.
  public var lines: Int
  public var decided: Int
  /// Mean probability of the first candidates, where there are any.
  public var confidence: Double?
  /// Why the fragment or its reading is no good: a damaged record, a photograph that could not be read.
  public var problem: String?
  /// What the filter line asks.
  var subject: FilterSubject

  /// - Parameters:
  ///   - confirmed: lines taken as offered, among those decided.
  ///   - correctors: scholars who decided about a line.
  ///   - model: what made the newest reading.
  public init(
    fragment: Fragment, lines: Int, decided: Int, confirmed: Int = 0, confidence: Double?, correctors: [String] = [],
    model: String? = nil, problem: String? = nil
  ) {
    subject = FilterSubject(
      fragment,
      overview: FragmentOverview(
        lines: lines, decided: decided, confirmed: confirmed, isRead: lines > 0 && problem == nil, failure: problem,
        confidence: confidence),
      correctors: correctors, model: model)
    self.fragment = fragment
    self.lines = lines
    self.decided = decided
    self.confidence = confidence
    self.problem = problem
  }

  public enum State: Int, Hashable, Sendable { case unread, read, inWork, done }

  public var state: State {
    if lines == 0 { return .unread }
    if decided == 0 { return .read }
    return decided < lines ? .inWork : .done
  }
}

/// What the workbench asks of a corpus. `CorpusStore` stands behind it; tests put others there: full disks, read-only folders.
///
/// All calls come from the main thread. Errors are shown to the scholar by their description.
public protocol Desk: AnyObject {
  var name: String { get }
  /// What a scholar should know before the work begins: the corpus is read-only, a journal has a torn tail.
  var warnings: [String] { get }
  /// All fragments in the order of their ids. Called once at the start: reads no photograph.
  func rows() throws -> [FragmentRow]
  /// One row anew.
  func row(of fragment: String) throws -> FragmentRow
  /// The lines of all photographs in reading order, decisions folded in.
  func lines(of fragment: String) throws -> [LineState]
  /// Every decision about a fragment, oldest first.
  func decisions(of fragment: String) -> [Correction]
  /// Regions that a reading must keep to: given, drawn or decided about. Empty: the reader looks for lines itself.
  func regionsToRead(of fragment: String) throws -> [LineRegion]
  /// Appends a decision. Returns when it is on the disk: only then was it made.
  func record(_ decision: Decision) throws
  /// Appends what the reader said.
  func record(_ reading: FragmentReading) throws
  /// Where a photograph lies, and where its tiles may be kept.
  func paths(of fragment: String, photograph: Int) throws -> PhotographPaths
}

public struct PhotographPaths: Hashable, Sendable {
  public var photograph: String
  public var tiles: String

  public init(photograph: String, tiles: String) {
    self.photograph = photograph
    self.tiles = tiles
  }
}

/// What a scholar decided about a line, before the store gives it a time and a place in a journal.
public struct Decision: Hashable, Sendable {
  public var scholar: String
  public var fragment: String
  public var region: LineRegion
  public var before: String?
  public var after: String?
  public var action: Action
  public var offered: [Candidate]
  public var model: String?
  public var seconds: Double

  public init(
    scholar: String, fragment: String, region: LineRegion, before: String?, after: String?, action: Action,
    offered: [Candidate], model: String?, seconds: Double
  ) {
    self.scholar = scholar
    self.fragment = fragment
    self.region = region
    self.before = before
    self.after = after
    self.action = action
    self.offered = offered
    self.model = model
    self.seconds = seconds
  }
}
