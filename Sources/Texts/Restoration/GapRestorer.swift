/// What proposes fillings of gaps: Grapheion's own restorer, or a language model of the user's.
public protocol GapRestorer: Sendable {
  /// The known texts that parallels stand in.
  var indexes: [TextIndex] { get }
  /// Gaps that may well be filled at the same time.
  var gapsAtOnce: Int { get }
  /// Up to `limit` fillings, likeliest first; each keeps to the gap's length and to the letters that are certain.
  func fillings(of gap: Gap, limit: Int) throws -> [Restorer.Proposal]
}

extension Restorer: GapRestorer {
  public var gapsAtOnce: Int { .max }
  public func fillings(of gap: Gap, limit: Int) -> [Proposal] { proposals(for: gap, limit: limit) }
}
