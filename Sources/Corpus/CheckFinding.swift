import Text

/// Something wrong in a corpus, and whether `repair` mended it.
public struct CheckFinding: Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// Lost or changed truth: a backup has it, or nobody.
    case damage
    /// What a crash leaves, or what is derived: a torn tail, a temporary file, a lying index. A repair mends it.
    case leftover
    /// A file that whoever checks may not read: what is in it was not checked.
    case forbidden
    /// Worth knowing, and nothing to be mended: the corpus is sound with it.
    case notice
  }

  public var path: String
  public var reason: String
  public var kind: Kind
  public var repaired = false

  public var isDamage: Bool { kind == .damage }
  public var isNotice: Bool { kind == .notice }

  public var description: String {
    "\(displayText(path)): \(displayText(reason))\(repaired ? " (repaired)" : "")"
  }
}

extension [CheckFinding] {
  /// So many of a kind about one file are told one by one.
  private static let mostOfAKind = 100

  /// Of each kind about one file the first hundred, and the number of the others.
  func summedUp() -> [CheckFinding] {
    var counts: [FindingPlace: Int] = [:]
    var kept: [CheckFinding] = []
    for finding in self {
      let place = FindingPlace(path: finding.path, kind: finding.kind, repaired: finding.repaired)
      counts[place, default: 0] += 1
      if counts[place]! <= Self.mostOfAKind { kept.append(finding) }
    }
    let more = counts.filter { $0.value > Self.mostOfAKind }.sorted { $0.key.path < $1.key.path }
    return kept
      + more.map {
        CheckFinding(
          path: $0.path, reason: "\($1 - Self.mostOfAKind) more of that kind", kind: $0.kind, repaired: $0.repaired)
      }
  }
}

private struct FindingPlace: Hashable {
  var path: String
  var kind: CheckFinding.Kind
  var repaired: Bool
}
