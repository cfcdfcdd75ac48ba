/// One line that was read and compared with its truth.
public struct MeasuredLine: Hashable, Sendable {
  /// What stands or falls together: lines of one fragment are by one hand, on one photograph.
  public var fragment: String
  public var name: String
  /// Capitals.
  public var truth: String
  public var read: String
  /// Of the best candidate, by the reader.
  public var probability: Double
  public var errors: Int
  /// Words of the truth, and those with a wrong letter; 0 where the truth is not divided into words.
  public var words: Int
  public var wrongWords: Int
  /// Place, century and whatever else lines are told apart by.
  public var groups: [String: String]

  public var letters: Int { truth.count }

  /// - Parameter words: the letters of each word of the truth, where it is known; together they are the truth.
  public init(
    fragment: String, name: String, truth: String, read: String, probability: Double, words: [Int] = [],
    groups: [String: String] = [:]
  ) {
    (self.fragment, self.name, self.truth, self.read, self.probability) = (fragment, name, truth, read, probability)
    self.groups = groups
    let steps = LetterSteps(truth: Array(truth), read: Array(read)).steps
    errors = steps.count { $0.truth != $0.read }
    (self.words, wrongWords) = (0, 0)
    guard words.count > 1, words.reduce(0, +) == truth.count else { return }
    // A letter too many belongs to the word that is being read.
    var (ends, end): ([Int], Int) = ([], 0)
    for length in words {
      end += length
      ends.append(end)
    }
    var wrong = Set<Int>()
    var (place, word) = (0, 0)
    for step in steps {
      if step.truth != step.read { wrong.insert(word) }
      if step.truth != nil { place += 1 }
      while word < ends.count - 1, place >= ends[word] { word += 1 }
    }
    (self.words, wrongWords) = (words.count, wrong.count)
  }
}

/// Two texts laid beside each other with as few differences as can be (Wagner and Fischer 1974); cost: their lengths multiplied.
public struct LetterSteps: Sendable {
  /// A letter of the truth and what was read for it; nil: it was left out, or nothing stands there.
  public struct Step: Hashable, Sendable {
    public var truth: Character?
    public var read: Character?
  }

  public let steps: [Step]

  public init(truth: [Character], read: [Character]) {
    let width = read.count + 1
    var cost = [Int](repeating: 0, count: (truth.count + 1) * width)
    for column in 0..<width { cost[column] = column }
    for row in 0..<(truth.count + 1) where row > 0 {
      cost[row * width] = row
      for column in 0..<width where column > 0 {
        let same = truth[row - 1] == read[column - 1] ? 0 : 1
        cost[row * width + column] = min(
          cost[(row - 1) * width + column - 1] + same, cost[(row - 1) * width + column] + 1,
          cost[row * width + column - 1] + 1)
      }
    }
    var steps: [Step] = []
    var (row, column) = (truth.count, read.count)
    while row > 0 || column > 0 {
      let here = cost[row * width + column]
      if row > 0, column > 0,
        here == cost[(row - 1) * width + column - 1] + (truth[row - 1] == read[column - 1] ? 0 : 1)
      {
        steps.append(Step(truth: truth[row - 1], read: read[column - 1]))
        (row, column) = (row - 1, column - 1)
      } else if row > 0, here == cost[(row - 1) * width + column] + 1 {
        steps.append(Step(truth: truth[row - 1], read: nil))
        row -= 1
      } else {
        steps.append(Step(truth: nil, read: read[column - 1]))
        column -= 1
      }
    }
    self.steps = steps.reversed()
  }
}
