/// Letters of a reading against the truth: the fewest insertions, deletions and replacements (Levenshtein 1966), and which letters agree.
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
