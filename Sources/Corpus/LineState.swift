import Raster

/// Where one line stands today: its place, what was offered, what was decided. The fold of everything recorded about it.
public struct LineState: Hashable, Sendable {
  public enum Status: String, Hashable, Sendable {
    /// Found or given, nothing offered.
    case unread
    /// A model has made offers; nobody decided.
    case read
    /// A candidate was taken as it stood.
    case confirmed
    /// Somebody typed or changed the text.
    case edited
    /// No offer is right, and there is no text.
    case rejected

    public var isDecided: Bool { self != .unread && self != .read }
  }

  public var region: LineRegion
  /// What the newest reading offers, best first.
  public var candidates: [Candidate]
  /// The model that offered them.
  public var model: String?
  /// What the line says, in Leiden+, once somebody decided.
  public var text: String?
  public var status: Status
  /// Set when somebody decided without having seen what another had decided before: that other decision. Both stand in the journals;
  /// deciding again, with both in sight, settles it.
  public var conflict: Correction?
  /// How many decisions about the line there are.
  public var decisions = 0

  public init(
    region: LineRegion, candidates: [Candidate] = [], model: String? = nil, text: String? = nil,
    status: Status = .unread, conflict: Correction? = nil
  ) {
    self.region = region
    self.candidates = candidates
    self.model = model
    self.text = text
    self.status = status
    self.conflict = conflict
  }
}

/// From readings and corrections to the state of every line. Pure; the same records give the same state in any process.
enum Fold {
  /// - Parameters:
  ///   - given: regions from `lines.json`; empty when layout finds them.
  ///   - reading: the newest reading, if there is one.
  ///   - corrections: all of this fragment, in fold order.
  static func lines(
    given: [LineRegion], reading: FragmentReading?, corrections: [Correction]
  ) -> [LineState] {
    var lines = given.map { LineState(region: $0) }
    var places: [String: Int] = [:]
    for (index, line) in lines.enumerated() { places[line.region.id] = index }
    let readings = reading?.lines ?? []
    if given.isEmpty {
      for offer in readings where places[offer.region.id] == nil {
        places[offer.region.id] = lines.count
        lines.append(LineState(region: offer.region))
      }
    }
    for offer in readings {
      // Regions that were given after the reading have ids of their own counting: an offer for another place is none for them.
      guard let place = places[offer.region.id], covers(offer.region, lines[place].region) else { continue }
      lines[place].candidates = offer.candidates
      lines[place].model = reading?.model
      lines[place].status = .read
    }
    var histories: [String: [Correction]] = [:]
    for correction in corrections { histories[correction.region.id, default: []].append(correction) }
    // Lines that only the journal knows: drawn by hand, or decided when another layout was in force.
    var order: [String] = []
    for correction in corrections where places[correction.region.id] == nil && !order.contains(correction.region.id) {
      order.append(correction.region.id)
    }
    for id in order {
      places[id] = lines.count
      lines.append(LineState(region: histories[id]![0].region))
    }
    for (id, history) in histories { apply(history, to: &lines[places[id]!]) }
    return lines
  }

  private static func apply(_ history: [Correction], to line: inout LineState) {
    // The region a scholar decided about is the line's region; offers for another place are not offers for it.
    if let last = history.last, !covers(last.region, line.region) {
      line.candidates = last.offered
      line.model = last.model
    }
    let initial = line.candidates.isEmpty ? LineState.Status.unread : .read
    var states: [(text: String?, region: LineRegion?, status: LineState.Status)] = [(nil, nil, initial)]
    for (number, correction) in history.enumerated() {
      var status = states[states.count - 1].status
      switch correction.action {
      case .took: status = .confirmed
      case .edited: status = .edited
      case .rejected: status = .rejected
      case .redrew: break
      case .reverted:
        let target = states.last { $0.text == correction.after && ($0.region == nil || $0.region == correction.region) }
        status = target?.status ?? (correction.after == nil ? initial : .edited)
      }
      let current = states[states.count - 1].text
      line.conflict = conflict(correction, after: history[..<number], current)
      states.append((correction.after, correction.region, status))
    }
    line.decisions = history.count
    let last = states[states.count - 1]
    line.text = last.text
    line.status = last.status
    if let region = last.region { line.region = region }
  }

  /// The newest decision of another writer that a correction's scholar had not seen and that says something else.
  private static func conflict(
    _ correction: Correction, after earlier: ArraySlice<Correction>, _ current: String?
  ) -> Correction? {
    if let seen = correction.seen {
      guard seen < earlier.count else { return nil }
      return earlier.last { $0.writer != correction.writer && $0.after != correction.after }
    }
    // Journals of an earlier program do not say what was seen: a text that was changed behind one's back tells.
    guard let previous = earlier.last, correction.before != current, previous.writer != correction.writer,
      correction.after != current
    else { return nil }
    return previous
  }

  /// Whether two regions mean the same stretch of writing: their boxes share at least half of the smaller.
  static func covers(_ a: LineRegion, _ b: LineRegion) -> Bool {
    guard a.photograph == b.photograph else { return false }
    let (one, other) = (a.polygon.bounds, b.polygon.bounds)
    let shared = one.intersection(other)
    let least = min(one.width * one.height, other.width * other.height)
    return 2 * shared.width * shared.height >= least
  }
}
