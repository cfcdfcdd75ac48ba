import JSON

/// Where a fragment stands, by the words that filters know.
public enum FragmentState: String, Hashable, Sendable, CaseIterable {
  /// No model has read it.
  case unread
  /// A model has read it, be it that it found nothing, and nobody has decided anything.
  case read
  /// Some of its lines are decided.
  case inWork = "work"
  /// All of them are.
  case done
  /// The last try to read it failed, and nobody has decided anything.
  case failed

  init(lines: Int, decided: Int, isRead: Bool, hasFailed: Bool) {
    self =
      if decided > 0 { decided < lines ? .inWork : .done } else if hasFailed { .failed } else {
        isRead ? .read : .unread
      }
  }

  /// Whether there is nothing yet that somebody could decide about.
  public var isOpenToReading: Bool { self == .unread || self == .failed }
}

/// How far one fragment has come.
public struct FragmentOverview: Hashable, Sendable {
  /// Lines known; 0 for a fragment never read.
  public var lines: Int
  /// Lines somebody decided about, and of these the ones taken as offered.
  public var decided: Int
  public var confirmed: Int
  /// Lines that two decided without having seen each other.
  public var conflicts: Int
  public var isRead: Bool
  public var failure: String?
  /// Mean probability of the first candidates.
  public var confidence: Double?

  public init(
    lines: Int, decided: Int, confirmed: Int, conflicts: Int = 0, isRead: Bool, failure: String? = nil,
    confidence: Double? = nil
  ) {
    self.lines = lines
    self.decided = decided
    self.confirmed = confirmed
    self.conflicts = conflicts
    self.isRead = isRead
    self.failure = failure
    self.confidence = confidence
  }

  public var state: FragmentState {
    FragmentState(lines: lines, decided: decided, isRead: isRead, hasFailed: failure != nil)
  }
}

/// Counts over a whole corpus: what `grapheion status` prints.
public struct CorpusStatus: Hashable, Sendable {
  public var fragments = 0
  public var images = 0
  public var read = 0
  public var failed = 0
  public var lines = 0
  /// Lines with a decision other than taking a candidate as offered, and lines taken so.
  public var corrected = 0
  public var confirmed = 0
  /// Fragments that no model has read, the failed ones among them; those that one has and nobody decided about; and by what was decided.
  public var unread = 0
  public var undecided = 0
  public var inWork = 0
  public var done = 0

  public var json: JSONValue {
    .object([
      "fragments": .int(fragments), "images": .int(images), "read": .int(read), "failed": .int(failed),
      "lines": .int(lines), "corrected": .int(corrected), "confirmed": .int(confirmed),
      "unread": .int(unread), "inWork": .int(inWork), "done": .int(done),
    ])
  }
}

extension CorpusStore {
  /// How far a fragment has come. Without decisions only the head of its reading is needed, no file is opened.
  public func overview(of id: String) throws(CorpusError) -> FragmentOverview {
    let summary = try readingSummary(of: id)
    var overview = FragmentOverview(
      lines: summary?.lines ?? 0, decided: 0, confirmed: 0, isRead: summary.map { $0.failure == nil } ?? false,
      failure: summary?.failure, confidence: summary?.confidence)
    if try !journals.corrections(of: id).isEmpty {
      let lines = try lines(of: id)
      overview.lines = lines.count
      overview.decided = lines.count { $0.status.isDecided }
      overview.confirmed = lines.count { $0.status == .confirmed }
      overview.conflicts = lines.count { $0.conflict != nil }
    } else if summary == nil, let given = try givenRegions(of: id) {
      overview.lines = given.count
    }
    return overview
  }

  /// Counts everything; a fragment whose record is damaged counts as unread. No file is opened where the index holds.
  public func status() throws(CorpusError) -> CorpusStatus {
    var status = CorpusStatus()
    for id in fragmentIDs {
      let entry = entry(of: id)
      let (fragment, overview) = (entry.fragment, entry.overview)
      status.fragments += 1
      status.images += fragment.photographs.count
      status.read += overview.isRead ? 1 : 0
      status.failed += overview.failure != nil ? 1 : 0
      status.lines += overview.lines
      status.confirmed += overview.confirmed
      status.corrected += overview.decided - overview.confirmed
      switch overview.state {
      case .unread, .failed: status.unread += 1
      case .read: status.undecided += 1
      case .inWork: status.inWork += 1
      case .done: status.done += 1
      }
    }
    return status
  }
}
