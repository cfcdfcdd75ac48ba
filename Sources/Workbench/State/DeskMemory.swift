// Where a scholar was, and what was typed and not yet saved. One file for each corpus and scholar, in `$XDG_STATE_HOME/grapheion` (else
// `~/.local/state/grapheion`), one thing a line, its parts between tabs; a line nobody knows is passed over:
//
//   grapheion-desk   1
//   fragment   <id>   <line>
//   marked     <id>
//   filter     <text>
//   sort       <column>   up|down
//   view       both|photograph|line   <enhancement>
//   draft      <fragment>   <line>   <text>
//   turned     <fragment>   <photograph, from 0>   <degrees, clockwise>
//   kept       place   <fragment>   <line>   [<what it was called>]      or   search   <text>   or   filter   <text>; newest first

/// What is remembered of a desk from one day to the next. A pure value.
public struct DeskMemory: Hashable, Sendable {
  public struct Place: Hashable, Sendable {
    public var fragment: String
    public var line: String?
  }

  public struct Line: Hashable, Sendable {
    public var fragment: String
    public var line: String
  }

  public struct Sheet: Hashable, Sendable {
    public var fragment: String
    public var photograph: Int
  }

  /// The fragment and the line one was at; nil in the corpus view.
  public var place: Place?
  /// The fragment marked in the list.
  public var marked: String?
  public var filter = ""
  var column = CorpusList.Column.id
  public var isDescending = false
  var arrangement = FragmentDesk.Arrangement.both
  /// As `Enhancement` counts them.
  public var enhancement = 0
  /// Texts that were left without saving.
  public var drafts: [Line: String] = [:]
  /// How far photographs are turned as they are shown, in degrees.
  public var turns: [Sheet: Int] = [:]

  /// What the scholar wants to find again, newest first.
  public var keeps: [Kept] = []

  public init() {}

  private static let head = "grapheion-desk\t1"
  /// Drafts that are kept: older ones than a scholar will come back to are in the way.
  private static let mostDrafts = 200
  private static let mostTurns = 2000

  /// Reads what `text` wrote; nil for what is no memory of a desk.
  public init?(text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    guard lines.first.map(String.init) == Self.head else { return nil }
    for line in lines.dropFirst() {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      switch (parts[0], parts.count) {
      case ("fragment", 3): place = Place(fragment: parts[1], line: parts[2].isEmpty ? nil : parts[2])
      case ("marked", 2): marked = parts[1]
      case ("filter", 2): filter = String(parts[1].prefix(Prompt.longest))
      case ("sort", 3):
        if let number = Int(parts[1]), let known = CorpusList.Column(rawValue: number) { column = known }
        isDescending = parts[2] == "down"
      case ("view", 3):
        arrangement = Self.arrangements.first { $0.0 == parts[1] }?.1 ?? .both
        enhancement = Int(parts[2]).flatMap { (0..<8).contains($0) ? $0 : nil } ?? 0
      case ("draft", 4):
        if drafts.count < Self.mostDrafts, parts[3].count <= LineEditor.longest {
          drafts[Line(fragment: parts[1], line: parts[2])] = parts[3]
        }
      case ("turned", 4):
        if turns.count < Self.mostTurns, let index = Int(parts[2]), index >= 0, let degrees = Int(parts[3]),
          (-179...180).contains(degrees)
        {
          turns[Sheet(fragment: parts[1], photograph: index)] = degrees
        }
      case ("kept", 4...5) where parts[1] == "place":
        keeps.append(
          .place(
            fragment: parts[2], line: parts[3].isEmpty ? nil : parts[3], name: parts.count == 5 ? parts[4] : nil))
      case ("kept", 3) where parts[1] == "search": keeps.append(.search(String(parts[2].prefix(Prompt.longest))))
      case ("kept", 3) where parts[1] == "filter": keeps.append(.filter(String(parts[2].prefix(Prompt.longest))))
      default: break
      }
    }
  }

  private static let arrangements: [(String, FragmentDesk.Arrangement)] = [
    ("both", .both), ("photograph", .photograph), ("line", .line),
  ]

  public var text: String {
    func clean(_ text: String) -> String { String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 }) }
    var out = [Self.head]
    if let place { out.append("fragment\t\(clean(place.fragment))\t\(clean(place.line ?? ""))") }
    if let marked { out.append("marked\t\(clean(marked))") }
    if !filter.isEmpty { out.append("filter\t\(clean(filter))") }
    out.append("sort\t\(column.rawValue)\t\(isDescending ? "down" : "up")")
    out.append("view\t\(Self.arrangements.first { $0.1 == arrangement }?.0 ?? "both")\t\(enhancement)")
    for (line, text) in drafts.sorted(by: { ($0.key.fragment, $0.key.line) < ($1.key.fragment, $1.key.line) }) {
      out.append("draft\t\(clean(line.fragment))\t\(clean(line.line))\t\(clean(text))")
    }
    for (sheet, degrees) in turns.sorted(by: {
      ($0.key.fragment, $0.key.photograph) < ($1.key.fragment, $1.key.photograph)
    }) {
      out.append("turned\t\(clean(sheet.fragment))\t\(sheet.photograph)\t\(degrees)")
    }
    for kept in keeps {
      switch kept {
      case .place(let fragment, let line, let name):
        out.append(
          "kept\tplace\t\(clean(fragment))\t\(clean(line ?? ""))" + (name.map { "\t\(clean($0))" } ?? ""))
      case .search(let text): out.append("kept\tsearch\t\(clean(text))")
      case .filter(let text): out.append("kept\tfilter\t\(clean(text))")
      }
    }
    return out.joined(separator: "\n") + "\n"
  }
}
