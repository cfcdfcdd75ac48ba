/// What a scholar did with a line.
public enum Action: Hashable, Sendable {
  /// Took candidate k (from 0) as it was offered.
  case took(Int)
  /// Typed or changed the text.
  case edited
  /// Says that no offered reading is right and gives none.
  case rejected
  /// Drew the line's region anew, put it elsewhere in the order, or said that it is none; the text is as before, or open again where none stands
  /// after. With offers it says what the model reads there now.
  case redrew
  /// Takes the line back to what it was before (undo is a record like any other).
  case reverted
}

/// One decision about a line: all that retraining needs to know. An entry of the journal once it has a stamp.
public struct Correction: Hashable, Sendable {
  /// When it was recorded and where it stands.
  public struct Stamp: Hashable, Sendable {
    /// Microseconds since 1970, UTC. Ties are broken by `writer` and `sequence`.
    public var time: Int64
    /// The journal and the number there.
    public var writer: String
    public var sequence: Int

    public init(time: Int64, writer: String, sequence: Int) {
      self.time = time
      self.writer = writer
      self.sequence = sequence
    }
  }

  /// nil as long as no journal holds it: the store gives it.
  public var stamp: Stamp?
  /// Who.
  public var scholar: String
  public var fragment: String
  public var region: LineRegion
  /// Leiden+ before and after; nil where there was, or is, no text.
  public var before: String?
  public var after: String?
  public var action: Action
  /// What the model offered then.
  public var offered: [Candidate]
  public var model: String?
  /// Seconds the scholar spent on the line.
  public var seconds: Double
  /// How many earlier decisions about the line the scholar had been shown; the store counts those it knows where nobody says. By this
  /// it is seen who had not seen whom.
  public var seen: Int?
  /// Where the line was before, where the decision moved it; nil for a line that was not there.
  public var regionBefore: LineRegion?
  /// What of the text was proposed from known texts, not read.
  public var restored: [Restored] = []
  /// Whether it is one step with the record before it in its journal: a line cut in two is two records.
  public var continues = false

  public init(
    stamp: Stamp? = nil, scholar: String, fragment: String, region: LineRegion, before: String?, after: String?,
    action: Action, offered: [Candidate], model: String?, seconds: Double, seen: Int? = nil
  ) {
    self.stamp = stamp
    self.scholar = scholar
    self.fragment = fragment
    self.region = region
    self.before = before
    self.after = after
    self.action = action
    self.offered = offered
    self.model = model
    self.seconds = seconds
    self.seen = seen
  }
}

extension Correction {
  /// When it was recorded; 0 for one that no journal holds.
  public var time: Int64 { stamp?.time ?? 0 }

  /// Whether it is a text that came with its photograph: nobody read anything, and nobody spent time on it.
  public var isGiven: Bool {
    action == .edited && before == nil && offered.isEmpty && model == nil && seconds == 0 && !continues
      && regionBefore == nil
  }

  /// Whether it only says what the model reads where a line was drawn: nobody decided anything by it.
  public var isOffer: Bool { action == .redrew && !offered.isEmpty && regionBefore == region }
}
