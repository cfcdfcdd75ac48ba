import Glibc

extension Lattice {
  /// The places where the network sees a letter, from left to right, each with how likely every letter of the alphabet stands there (sums to 1).
  ///
  /// A place is a run of frames with rather a letter than the blank, and with one likeliest letter. A tenth as many numbers as the lattice has, and a
  /// text is laid on them as it is laid on another text: letters left out or read too many cost little.
  public var slots: [[Float]] {
    var slots: [[Float]] = []
    var sum = [Float](repeating: 0, count: classes - 1)
    var last: Int?
    func end() {
      guard last != nil else { return }
      let gain = 1 / sum.reduce(0, +)
      slots.append(sum.map { $0 * gain })
      for symbol in sum.indices { sum[symbol] = 0 }
      last = nil
    }
    for frame in 0..<frames {
      let row = frame * classes
      guard logProbabilities[row] < Self.half else {
        end()
        continue
      }
      var best = 1
      for symbol in 2..<classes where logProbabilities[row + symbol] > logProbabilities[row + best] { best = symbol }
      if let last, last != best { end() }
      last = best
      for symbol in 1..<classes { sum[symbol - 1] += expf(logProbabilities[row + symbol]) }
    }
    end()
    return slots
  }

  /// log 1/2.
  private static let half: Float = -0.6931
}
