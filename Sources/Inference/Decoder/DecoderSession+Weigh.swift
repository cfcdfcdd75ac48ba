import Glibc

extension DecoderSession {
  /// The natural logarithm of how likely each text follows what was read.
  ///
  /// - Parameter among: tokens that may follow at all: what is likely is shared among them alone.
  /// - Complexity: a pass for each token of the longest text, of as many tokens as there are different beginnings. Branches made before are forgotten.
  public func weigh(_ texts: [[Int]], among: Range<Int>) throws(ModelError) -> [Float] {
    var sums = [Float](repeating: 0, count: texts.count)
    // Where each text stands: its last token's branch, and the row of its logits.
    var places = [Int?](repeating: nil, count: texts.count)
    var rows = [Int](repeating: 0, count: texts.count)
    for step in 0..<(texts.map(\.count).max() ?? 0) {
      var shares: [Int: Float] = [:]
      var branches: [(parent: Int?, token: Int)] = []
      var chosen = [Int?](repeating: nil, count: texts.count)
      for (number, text) in texts.enumerated() where step < text.count {
        let share = shares[rows[number]] ?? logSum(rows[number], among)
        shares[rows[number]] = share
        sums[number] += withLogits(rows[number]) { $0[text[step]] } - share
        guard step + 1 < text.count else { continue }
        if let known = branches.firstIndex(where: { $0.parent == places[number] && $0.token == text[step] }) {
          chosen[number] = known
        } else {
          chosen[number] = branches.count
          branches.append((places[number], text[step]))
        }
      }
      let made = try branch(branches.map(\.token), after: branches.map(\.parent))
      for number in texts.indices {
        guard let branch = chosen[number] else { continue }
        (places[number], rows[number]) = (made[branch], branch)
      }
    }
    return sums
  }

  private func logSum(_ row: Int, _ tokens: Range<Int>) -> Float {
    withLogits(row) { logits in
      let top = logits[tokens].max() ?? 0
      return top + logf(logits[tokens].reduce(0) { $0 + expf($1 - top) })
    }
  }
}
