import Raster

/// Where one line stands today: its place, what was offered, what was decided. The fold of everything recorded about it.
public struct LineState: Sendable {
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
  /// Its place in the order of its photograph: what somebody put between two lines has a place between theirs.
  public internal(set) var place = 0.0
  /// What an edition says, where one was laid on the fragment (`align`).
  public var edition: EditionOffer?

  /// What a decision changes.
  struct Standing: Hashable, Sendable {
    var text: String?
    /// nil before the first decision: the region is then the layout's or the giver's.
    var region: LineRegion?
    var status: Status
  }

  /// The decisions about the line, oldest first, each with how the line stood before it.
  private(set) var history: [(correction: Correction, before: Standing)] = []

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

  /// The text somebody took or typed; nil for lines nobody decided about, and for those that were rejected.
  public var decidedText: String? {
    status == .confirmed || status == .edited ? text.flatMap { $0.isEmpty ? nil : $0 } : nil
  }

  /// Whether it lies where somebody drew, moved, bent, cut or joined it.
  public var isDrawn: Bool {
    let drawn = history.last { $0.correction.action == .redrew && !$0.correction.isOffer }
    return drawn?.correction.region == region
  }

  /// What the line says today, for whoever lists, searches, copies, proposes or goes on from it: what somebody decided, else the first candidate; nil
  /// where it was not read, and where it was rejected: no offer was right there, so none stands.
  public var standingText: String? { text ?? (status == .rejected ? nil : candidates.first?.leiden) }
}

extension LineState {
  /// What a reader can learn from the line: what a scholar decided, or, where nobody did, what an edition surely says of it.
  public var lesson: (text: String, isDecided: Bool)? {
    if let decidedText { return (decidedText, true) }
    guard !status.isDecided, let edition, edition.teaches, !edition.text.isEmpty else { return nil }
    return (edition.text, false)
  }
}

extension LineState: Hashable {
  public static func == (a: LineState, b: LineState) -> Bool {
    a.region == b.region && a.candidates == b.candidates && a.model == b.model && a.text == b.text
      && a.status == b.status && a.conflict == b.conflict && a.decisions == b.decisions && a.edition == b.edition
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(region)
    hasher.combine(text)
    hasher.combine(status)
  }
}

// MARK: The fold

extension LineState {
  /// Takes one decision more, in the order of their stamps: the one place that knows what an action does. The store, the workbench's
  /// memory and the exports fold by it.
  public mutating func apply(_ correction: Correction) {
    let now = Standing(text: text, region: history.isEmpty ? nil : region, status: status)
    switch correction.action {
    case .took: status = .confirmed
    case .edited: status = .edited
    case .rejected: status = .rejected
    case .redrew:
      if correction.after == nil, text != nil { status = undecided }
      if !correction.offered.isEmpty {
        candidates = correction.offered
        model = correction.model
        if !status.isDecided { status = .read }
      }
    case .reverted:
      // Back to how the line stood before the newest decision that was made on this text.
      let target = history.last {
        $0.before.text == correction.after && ($0.before.region == nil || $0.before.region == correction.region)
      }
      status = target?.before.status ?? (correction.after == nil ? undecided : .edited)
    }
    conflict = unseen(by: correction)
    history.append((correction, now))
    text = correction.after
    region = correction.region
    decisions += 1
  }

  /// What it is without any decision.
  private var undecided: Status { candidates.isEmpty ? .unread : .read }

  /// The newest decision of another writer that a correction's scholar had not seen and that says something else.
  private func unseen(by correction: Correction) -> Correction? {
    if let seen = correction.seen {
      guard seen < history.count else { return nil }
      return history.last {
        $0.correction.stamp?.writer != correction.stamp?.writer && $0.correction.after != correction.after
      }?.correction
    }
    // Journals of an earlier program do not say what was seen: a text that was changed behind one's back tells.
    guard let previous = history.last?.correction, correction.before != text,
      previous.stamp?.writer != correction.stamp?.writer, correction.after != text
    else { return nil }
    return previous
  }

  /// Takes all decisions about a line that nobody decided about yet, and what the newest reading offers for it. The region a scholar decided
  /// about is the line's region; offers for another place are not offers for it.
  fileprivate mutating func apply(_ corrections: [Correction], offer: LineReading?, model reader: String?) {
    let settled = corrections.last?.region ?? region
    // Half a line that somebody cut is not what was read.
    let isDrawn = corrections.contains { $0.regionBefore != nil }
    let offer = offer.flatMap { $0.region.covers(settled, most: isDrawn) ? $0 : nil }
    if let offer {
      (candidates, model) = (offer.candidates, reader)
      status = .read
    }
    guard let last = corrections.last else { return }
    status = undecided
    for correction in corrections { apply(correction) }
    // What the model said of the very place counts before what it said of one near it: with a reading, or when the line was drawn.
    let drawn = corrections.last { $0.action == .redrew && !$0.offered.isEmpty && $0.region == settled }
    if let offer, offer.region == settled || drawn == nil {
      (candidates, model) = (offer.candidates, reader)
    } else if let source = drawn ?? (last.offered.isEmpty ? corrections.last { $0.region == settled } : last) {
      (candidates, model) = (source.offered, source.model)
    }
    if !status.isDecided { status = undecided }
  }
}

/// From readings and corrections to the state of every line. Pure; the same records give the same state in any process.
enum Fold {
  /// - Parameters:
  ///   - given: regions from `lines.json`; empty when layout finds them.
  ///   - reading: the newest reading, if there is one.
  ///   - corrections: all of this fragment, in fold order.
  ///   - alignment: how an edition lies on the lines, if one does.
  static func lines(
    given: [LineRegion], reading: FragmentReading?, corrections: [Correction], alignment: FragmentAlignment? = nil
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
    let offers = Dictionary(readings.map { ($0.region.id, $0) }, uniquingKeysWith: { _, last in last })
    for (id, place) in places {
      // Regions that were given after the reading have ids of their own counting: an offer for another place is none for them.
      lines[place].apply(histories[id] ?? [], offer: offers[id], model: reading?.model)
    }
    for line in alignment?.lines ?? [] {
      guard let place = places[line.region.id], line.region.covers(lines[place].region) else { continue }
      lines[place].edition = line.offer
    }
    return inOrder(lines, isGiven: !given.isEmpty).filter { !$0.region.isGone }
  }

  /// Lines by their places, once somebody put one somewhere; till then as they were given or found.
  private static func inOrder(_ lines: [LineState], isGiven: Bool) -> [LineState] {
    var lines = lines
    for index in lines.indices {
      let region = lines[index].region
      lines[index].place = region.place ?? (isGiven ? nil : region.foundPlace) ?? Double(index)
    }
    guard lines.contains(where: { $0.region.place != nil }) else { return lines }
    return lines.enumerated().sorted { a, b in
      (a.element.region.photograph, a.element.place, a.offset) < (
        b.element.region.photograph, b.element.place, b.offset
      )
    }.map(\.element)
  }
}

extension LineRegion {
  /// Whether two regions mean the same stretch of writing: their boxes share at least half of the smaller, or two thirds of the larger where
  /// `most` of it is meant.
  public func covers(_ other: LineRegion, most: Bool = false) -> Bool {
    guard photograph == other.photograph else { return false }
    let (one, another) = (polygon.bounds, other.polygon.bounds)
    let shared = one.intersection(another)
    let (first, second) = (one.width * one.height, another.width * another.height)
    if most { return 3 * shared.width * shared.height >= 2 * max(first, second) }
    return 2 * shared.width * shared.height >= min(first, second)
  }
}
