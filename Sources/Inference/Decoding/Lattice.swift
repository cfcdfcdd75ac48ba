import Glibc

/// What the network says of a line: for each frame, how likely each class is.
public struct Lattice: Hashable, Sendable {
  public let frames: Int
  /// Class 0 is the blank of connectionist temporal classification; class k is `alphabet[k - 1]`.
  public let classes: Int
  /// Natural logarithms, `[frame * classes + class]`; each frame sums to 1.
  public var logProbabilities: [Float]
  public let alphabet: [Character]
  /// Columns of the normalised strip a frame stands for.
  public let columnsPerFrame: Int

  public init(frames: Int, logProbabilities: [Float], alphabet: [Character], columnsPerFrame: Int) {
    self.frames = frames
    classes = alphabet.count + 1
    precondition(logProbabilities.count == frames * classes)
    self.logProbabilities = logProbabilities
    self.alphabet = alphabet
    self.columnsPerFrame = columnsPerFrame
  }

  public subscript(frame: Int, symbol: Int) -> Float { logProbabilities[frame * classes + symbol] }

  /// The probabilities themselves.
  var likelihoods: [Float] { logProbabilities.map { expf($0) } }

  /// log p(text | lattice), over all paths that spell it; classes from 1. Costs frames x letters multiplications.
  public func logProbability(of labels: [Int]) -> Float { LabelPaths.logProbability(self, likelihoods, of: labels) }

  /// Frames of each letter of a text on the likeliest path that spells it; empty where none does. Classes from 1.
  public func alignment(of labels: [Int]) -> [ClosedRange<Int>] {
    LabelPaths(self, likelihoods, labels: labels).alignment()
  }

  /// The best class of each frame, repeats and blanks dropped.
  public var greedy: String { String(greedyLabels.map { alphabet[$0 - 1] }) }

  /// The same as classes, from 1.
  var greedyLabels: [Int] {
    var labels: [Int] = []
    var before = 0
    for frame in 0..<frames {
      var best = 0
      for symbol in 1..<classes where self[frame, symbol] > self[frame, best] { best = symbol }
      if best != 0 && best != before { labels.append(best) }
      before = best
    }
    return labels
  }
}
