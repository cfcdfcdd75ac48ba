/// The fewest insertions, deletions and replacements from one sequence to another (Levenshtein 1966).
public enum EditDistance {
  /// Time is the product of the lengths, memory the length of `b`.
  public static func between<Element: Equatable>(_ a: [Element], _ b: [Element]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let replaced = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}

/// Finds the name a person probably meant.
public enum Spelling {
  /// The nearest name within a third of its length (at least 2 edits), or nil.
  public static func nearest(to word: String, among names: [String]) -> String? {
    let ranked = names.map { (name: $0, distance: EditDistance.between(Array(word.utf8), Array($0.utf8))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(2, best.name.utf8.count / 3) ? best.name : nil
  }
}

/// Letters of a reading against the truth: how many edits lie between, and which letters agree. Time and memory are the product of the lengths.
public struct LetterAlignment: Sendable {
  public let errors: Int
  /// For each letter read, whether the truth has it there.
  public let isRight: [Bool]

  public init(read: [Character], truth: [Character]) {
    let (rows, columns) = (read.count + 1, truth.count + 1)
    var cost = [Int](repeating: 0, count: rows * columns)
    for i in 0..<rows { cost[i * columns] = i }
    for j in 0..<columns { cost[j] = j }
    for i in 1..<max(1, rows) {
      for j in 1..<max(1, columns) {
        let replaced = cost[(i - 1) * columns + j - 1] + (read[i - 1] == truth[j - 1] ? 0 : 1)
        cost[i * columns + j] = min(replaced, cost[(i - 1) * columns + j] + 1, cost[i * columns + j - 1] + 1)
      }
    }
    errors = cost[rows * columns - 1]
    var right = [Bool](repeating: false, count: read.count)
    var (i, j) = (rows - 1, columns - 1)
    while i > 0 && j > 0 {
      let agrees = read[i - 1] == truth[j - 1]
      if cost[i * columns + j] == cost[(i - 1) * columns + j - 1] + (agrees ? 0 : 1) {
        right[i - 1] = agrees
        (i, j) = (i - 1, j - 1)
      } else if cost[i * columns + j] == cost[(i - 1) * columns + j] + 1 {
        i -= 1
      } else {
        j -= 1
      }
    }
    isRight = right
  }
}
