import Raster

/// What a line is called: `3`, `ii 3`, `v 3`, `v ii 3`, `mg 1`. As editions count: anew in each column, on each side, in each margin.
///
/// The screen, the search, `show` and the exports all ask here, so that a line has one name.
public struct LineNumber: Hashable, Sendable, CustomStringConvertible {
  /// `r`, `v`, or the number of the photograph; nil where all lines stand on one.
  public var side: String?
  /// A small Roman numeral, or `mg` (`margin`); nil where the photograph has one column.
  public var column: String?
  /// A numeral, or what somebody said the line is called.
  public var line: String

  public var description: String { [side, column, line].compactMap { $0 }.joined(separator: " ") }

  public init(side: String? = nil, column: String? = nil, line: String) {
    self.side = side
    self.column = column
    self.line = line
  }

  /// The names of a fragment's lines. Linear.
  ///
  /// A line that somebody numbered is called so, and those below it in its column count on from there.
  /// - Parameters:
  ///   - regions: all lines in reading order.
  ///   - photographs: the fragment's, for the names of their sides.
  public static func all(of regions: [LineRegion], on photographs: [Photograph]) -> [LineNumber] {
    let used = Set(regions.map(\.photograph))
    var columns: [Int: [Int]] = [:]
    let isParted = regions.contains { $0.part == .recto || $0.part == .verso }
    for region in regions
    where region.part != .margin && columns[region.photograph]?.contains(region.column) != true {
      columns[region.photograph, default: []].append(region.column)
    }
    var counts: [Place: Int] = [:]
    return regions.map { region in
      let place = Place(photograph: region.photograph, column: region.column, part: region.part)
      let own = columns[region.photograph] ?? []
      var count = counts[place, default: 0] + 1
      var line = String(count)
      if let given = region.number {
        line = given
        let digits = given.prefix { $0.isASCII && $0.isNumber }
        // `5a` is no line more: the one below it is 6.
        if let number = Int(digits) { count = number } else { count -= 1 }
      }
      counts[place] = count
      return LineNumber(
        side: used.count > 1 || isParted ? side(of: region, photographs) : nil,
        column: region.part == .margin
          ? margin : own.count > 1 ? own.firstIndex(of: region.column).map { roman($0 + 1) } : nil, line: line)
    }
  }

  private struct Place: Hashable {
    var photograph: Int
    var column: Int
    var part: LineRegion.Part?
  }

  /// What a column is called that is a margin.
  public static let margin = "mg"

  private static func side(of region: LineRegion, _ photographs: [Photograph]) -> String {
    switch region.part {
    case .recto: "r"
    case .verso: "v"
    case .margin, nil: side(region.photograph, photographs)
    }
  }

  private static func side(_ index: Int, _ photographs: [Photograph]) -> String {
    guard photographs.indices.contains(index) else { return String(index + 1) }
    switch photographs[index].face {
    case .recto?: return "r"
    case .verso?: return "v"
    case .margin?, nil: return String(index + 1)
    }
  }

  /// A number as a small Roman numeral. Precondition: above 0.
  public static func roman(_ number: Int) -> String {
    var (rest, out) = (number, "")
    for (value, letters) in [
      (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
      (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ] {
      while rest >= value {
        out += letters
        rest -= value
      }
    }
    return out
  }

  /// The most letters a line's given number may have.
  public static let longest = 12
}
