import JSON

/// What somebody says of a line without deciding about it: a note, a flag, that it waits, for whom, or how he reads it without having seen
/// what others read. And what somebody changed of what is known of a fragment; that is of no line (`line` is empty).
public struct Remark: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A note; an empty one takes the scholar's own back.
    case note
    /// A flag, and none.
    case flag, unflag
    /// The line is put off, `text` says why.
    case later
    /// It is for a colleague, `text` says why.
    case colleague
    /// It waits no longer.
    case open
    /// A second reading, made without sight of the first: `text` in Leiden+, empty where no reading is right.
    case second
    /// Something that is known of the fragment was changed: `field`, what stood there `before`, and `text`, what stands there now.
    case described
  }

  /// Microseconds since 1970, UTC; 0 for one that no file holds.
  public var time: Int64
  public var scholar: String
  public var fragment: String
  /// The line's id.
  public var line: String
  public var kind: Kind
  public var text: String
  /// For whom the line is.
  public var colleague: String?
  /// Of `described`: a member of `fragment.json`, and what it said.
  public var field: String?
  public var before: String?

  public init(
    time: Int64 = 0, scholar: String, fragment: String, line: String, kind: Kind, text: String = "",
    colleague: String? = nil
  ) {
    self.time = time
    self.scholar = scholar
    self.fragment = fragment
    self.line = line
    self.kind = kind
    self.text = text
    self.colleague = colleague
  }

  /// The most characters a remark's text may have.
  public static let longest = 4000
}

extension Remark {
  public var json: JSONValue {
    .object([
      "time": .int(Int(time)), "scholar": .string(scholar), "fragment": .string(fragment), "line": .string(line),
      "kind": .string(kind.rawValue), "text": text.isEmpty ? nil : .string(text),
      "colleague": colleague.map { .string($0) }, "field": field.map { .string($0) },
      "before": before.map { .string($0) },
    ])
  }

  /// nil where a member is missing or beyond what a remark can have. A kind of a later program is none of ours: it is passed over by the reader.
  public init?(json: JSONValue) {
    guard let time = json["time"]?.int, RecordTime.all.contains(Int64(time)), let scholar = json["scholar"]?.string,
      let fragment = json["fragment"]?.string, let line = json["line"]?.string,
      let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)), (json["text"]?.string ?? "").count <= Self.longest
    else { return nil }
    self.init(
      time: Int64(time), scholar: scholar, fragment: fragment, line: line, kind: kind,
      text: json["text"]?.string ?? "", colleague: json["colleague"]?.string)
    field = json["field"]?.string
    before = json["before"]?.string
  }
}

/// What is remarked on some line of a fragment.
public struct Remarked: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public static let note = Remarked(rawValue: 1)
  public static let flag = Remarked(rawValue: 2)

  /// - Parameter remarks: of one fragment, oldest first.
  public init(_ remarks: [Remark]) {
    self.init()
    for line in LineRemarks.byLine(remarks).values {
      if !line.notes.isEmpty { insert(.note) }
      if line.isFlagged { insert(.flag) }
    }
  }
}

/// Where the remarks about one line leave it: their fold in the order of time.
public struct LineRemarks: Hashable, Sendable {
  /// The newest note of each scholar, oldest first.
  public private(set) var notes: [Remark] = []
  public private(set) var isFlagged = false
  /// Why the line waits, or for whom; nil where it does not.
  public private(set) var waiting: Remark?
  /// Second readings, oldest first.
  public private(set) var seconds: [Remark] = []

  /// Whether there is anything to tell: a note, a flag, that it waits.
  public var isSeen: Bool { isFlagged || waiting != nil || !notes.isEmpty }

  public init(_ remarks: some Sequence<Remark> = []) {
    for remark in remarks { apply(remark) }
  }

  public mutating func apply(_ remark: Remark) {
    switch remark.kind {
    case .note:
      notes.removeAll { $0.scholar == remark.scholar }
      if !remark.text.isEmpty { notes.append(remark) }
    case .flag: isFlagged = true
    case .unflag: isFlagged = false
    case .later, .colleague: waiting = remark
    case .open: waiting = nil
    case .second: seconds.append(remark)
    case .described: break
    }
  }

  /// The remarks of a fragment by the ids of their lines.
  public static func byLine(_ remarks: [Remark]) -> [String: LineRemarks] {
    var lines: [String: LineRemarks] = [:]
    for remark in remarks { lines[remark.line, default: LineRemarks()].apply(remark) }
    return lines
  }
}
