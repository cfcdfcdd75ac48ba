import JSON

/// How far one fragment has come.
public struct FragmentOverview: Hashable, Sendable {
  public enum State: String, Hashable, Sendable, CaseIterable {
    case unread
    case read
    case inWork = "in work"
    case done
  }

  /// Lines known; 0 for a fragment never read.
  public var lines: Int
  /// Lines somebody decided about, and of these the ones taken as offered.
  public var decided: Int
  public var confirmed: Int
  public var isRead: Bool
  public var failure: String?
  /// Mean probability of the first candidates.
  public var confidence: Double?

  public init(
    lines: Int, decided: Int, confirmed: Int, isRead: Bool, failure: String? = nil, confidence: Double? = nil
  ) {
    self.lines = lines
    self.decided = decided
    self.confirmed = confirmed
    self.isRead = isRead
    self.failure = failure
    self.confidence = confidence
  }

  public var state: State {
    if decided > 0 { return decided < lines ? .inWork : .done }
    return isRead ? .read : .unread
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
  /// Fragments by state.
  public var states: [FragmentOverview.State: Int] = [:]

  public var json: JSONValue {
    .object([
      "fragments": .int(fragments), "images": .int(images), "read": .int(read), "failed": .int(failed),
      "lines": .int(lines), "corrected": .int(corrected), "confirmed": .int(confirmed),
      "unread": .int(states[.unread] ?? 0), "inWork": .int(states[.inWork] ?? 0), "done": .int(states[.done] ?? 0),
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
      status.states[overview.state, default: 0] += 1
    }
    return status
  }
}
