/// A line that waits for somebody, with what it is worth to decide about it.
public struct QueuedLine: Hashable, Sendable {
  public var fragment: String
  /// `IndexedLine.id`.
  public var line: String
  /// What it is called (`LineNumber`).
  public var number: String
  public var state: LineState
  public var remarks: LineRemarks
  /// Year the fragment is of at the earliest, for those who order by date.
  public var year: Int?
  public var worth: Double

  /// `InkReading.preference` of what is offered; 0 where the ink says the same.
  var inkPreference: Double { state.candidates.first?.inkAlone?.preference ?? 0 }
}

/// The lines of a corpus that wait for a scholar. Pure.
public enum LineQueue {
  /// Which lines.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Lines nobody decided about, but those that wait for something.
    case undecided
    /// Lines that a colleague marked for this scholar, since nobody decided about them.
    case forMe
    /// Lines that were put off, or marked for others.
    case waiting
    /// Lines that another decided and this scholar has not seen: to be read a second time.
    case second
  }

  public enum Order: String, Hashable, Sendable, CaseIterable {
    case worth, document, date
    /// Lines first whose ink speaks most for another text than the one that is offered.
    case ink
  }

  /// So many lines are listed: more than a day's.
  public static let most = 300

  /// The lines of one fragment that are in a queue, in their order on the fragment.
  ///
  /// - Parameter scholar: whose queue it is.
  public static func lines(
    _ kind: Kind, of fragment: Fragment, _ states: [LineState], remarks: [Remark], for scholar: String
  ) -> [QueuedLine] {
    let said = LineRemarks.byLine(remarks)
    let names = LineNumber.all(of: states.map(\.region), on: fragment.photographs)
    var found: [QueuedLine] = []
    for (state, name) in zip(states, names) {
      let remarks = said[state.region.id] ?? LineRemarks()
      guard isWanted(kind, state, remarks, scholar) else { continue }
      found.append(
        QueuedLine(
          fragment: fragment.id, line: state.region.id, number: name.description, state: state, remarks: remarks,
          year: fragment.date.notBefore ?? fragment.date.notAfter, worth: 0))
    }
    let worths = LineWorth.worths(
      of: found.map { LineWorth.gain(of: $0.state.candidates) }, decided: states.count { $0.status.isDecided })
    for index in found.indices { found[index].worth = worths[index] }
    return found
  }

  private static func isWanted(_ kind: Kind, _ line: LineState, _ remarks: LineRemarks, _ scholar: String) -> Bool {
    let decision = line.decision
    // What was asked for is done with the next decision.
    let waiting = remarks.waiting.flatMap { $0.time > decision?.time ?? .min ? $0 : nil }
    switch kind {
    case .undecided: return !line.status.isDecided && waiting == nil
    case .forMe: return waiting?.kind == .colleague && waiting?.colleague == scholar
    case .waiting: return waiting.map { $0.kind == .later || $0.colleague != scholar } ?? false
    case .second:
      guard let decision, decision.scholar != scholar else { return false }
      return !remarks.seconds.contains { $0.scholar == scholar && $0.time > decision.time }
    }
  }

  /// Lines of many fragments in an order. Second readings by worth come in an order that has nothing to do with how hard they are: what they
  /// say of two readers' agreement is then true of all lines.
  public static func sorted(_ lines: [QueuedLine], by order: Order, _ kind: Kind) -> [QueuedLine] {
    func isBefore(_ a: QueuedLine, _ b: QueuedLine) -> Bool {
      switch order {
      case .document: return false
      case .date: return (a.year ?? .max) < (b.year ?? .max)
      case .ink: return a.inkPreference > b.inkPreference
      case .worth: return kind == .second ? scatter(a) < scatter(b) : a.worth > b.worth
      }
    }
    // What is alike stays in the order of fragments and lines.
    return lines.enumerated().sorted { a, b in
      isBefore(a.element, b.element) || (!isBefore(b.element, a.element) && a.offset < b.offset)
    }.map(\.element)
  }

  /// A number without meaning that is the same in every process.
  private static func scatter(_ line: QueuedLine) -> UInt64 {
    "\(line.fragment) \(line.line)".utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  }
}

extension LineState {
  /// The decision by which the line stands; nil where nobody decided, or the decision was taken back.
  public var decision: Correction? {
    guard status.isDecided else { return nil }
    return history.last { past in
      switch past.correction.action {
      case .took, .edited, .rejected: past.correction.after == text
      case .redrew, .reverted: false
      }
    }?.correction
  }
}
