/// A grid as plain lines, for screen readers and terminals that cannot place a cursor: each row that changed is written once, below what was written
/// before; nothing is moved, coloured or written over.
///
/// Where the cursor stands at the end of a row, that row is written last and left open: what is typed there follows in the same line, letter by
/// letter.
public struct LinearWriter {
  private var shown: [String] = []
  /// The row that is left open.
  private var open: Int?

  public init() {}

  /// Has the next grid written whole.
  public mutating func forget() { shown = [] }

  /// What ends the open row.
  public mutating func end() -> [UInt8] {
    defer { open = nil }
    return open == nil ? [] : LinearWriter.lineEnd
  }

  private static let lineEnd: [UInt8] = [0x0D, 0x0A]

  /// What shows a grid after those before.
  public mutating func bytes(showing grid: Grid) -> [UInt8] {
    let before = shown
    shown = grid.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let typed = grid.cursor?.y
    let changed = shown.indices.filter {
      !shown[$0].isEmpty && (!before.indices.contains($0) || before[$0] != shown[$0])
    }
    if let open, typed == open, before.indices.contains(open), changed.allSatisfy({ $0 == open }),
      shown[open].hasPrefix(before[open])
    {
      return Array(shown[open].dropFirst(before[open].count).utf8)
    }
    var out: [UInt8] = []
    if open != nil, !changed.isEmpty || typed != open { out += end() }
    for row in changed where row != typed { out += Array(shown[row].utf8) + LinearWriter.lineEnd }
    if let typed, shown.indices.contains(typed), open != typed {
      out += Array(shown[typed].utf8)
      open = typed
    }
    return out
  }
}
