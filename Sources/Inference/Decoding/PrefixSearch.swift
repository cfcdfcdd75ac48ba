import Glibc

/// One pass of prefix beam search over a lattice, among all texts or those that fit a pattern.
struct PrefixSearch {
  /// What was kept to the end with its score, best first.
  private(set) var found: [(text: [Int], score: Float)] = []
  /// The logarithm of the share of the scores that was kept at each frame, all frames together.
  private(set) var kept: Float = 0

  private struct Entry {
    var node: Int
    /// Mass of paths that end in a blank, and in the last letter.
    var blank: Float
    var letter: Float
    /// Both together, and with the prior.
    var mass: Float = -.infinity
    var score: Float = -.infinity
    /// What it is judged by: the score with what a pattern lets come yet.
    var rank: Float = -.infinity
  }

  /// - Parameter tree: of the same line, prior and pattern.
  /// - Complexity: about frames x width x 3 steps.
  init(
    _ lattice: Lattice, _ opinion: Opinion, _ settings: BeamSearch.Settings, _ tree: inout PrefixTree,
    _ pattern: PatternStates? = nil
  ) {
    tree.nodes.reserveCapacity(tree.nodes.count + lattice.frames * 16)
    var beam = [Entry(node: 0, blank: 0, letter: -.infinity, mass: 0, score: 0, rank: 0)]
    if let pattern { beam[0].rank = pattern.ahead(of: PatternStates.start, at: 0) }
    // A pattern may ask for what the ink hardly shows.
    let floor = Float(log(pattern == nil ? settings.floor : 1e-7))
    var next: [Entry] = []
    var live: [Int] = []
    for frame in 0..<lattice.frames {
      tree.frame += 1
      live.removeAll(keepingCapacity: true)
      for symbol in 1..<lattice.classes where lattice[frame, symbol] > floor { live.append(symbol) }
      next.removeAll(keepingCapacity: true)
      // What is so far behind the best of the last frame, or behind the last that was kept there, will not be kept.
      var hopeless = beam.reduce(-Float.infinity) { max($0, $1.rank) } - settings.margin
      if beam.count == settings.width, let worst = beam.last { hopeless = max(hopeless, worst.rank - settings.slack) }
      for entry in beam {
        let last = Int(tree.nodes[entry.node].symbol)
        let here = Self.place(entry.node, &tree, &next)
        next[here].blank = logAdd(next[here].blank, entry.mass + lattice[frame, 0])
        if last != 0 { next[here].letter = logAdd(next[here].letter, entry.letter + lattice[frame, last]) }
        for symbol in live {
          // The same letter again is a new one only after a blank.
          let mass = (symbol == last ? entry.blank : entry.mass) + lattice[frame, symbol]
          var (rank, states) = (mass + tree.nodes[entry.node].prior, PatternStates.start)
          if let pattern {
            states = pattern.next(tree.nodes[entry.node].states, symbol)
            rank += pattern.ahead(of: states, at: frame + 1)
          }
          guard rank > hopeless else { continue }
          let there = Self.place(tree.child(entry.node, symbol, states, opinion), &tree, &next)
          next[there].letter = logAdd(next[there].letter, mass)
        }
      }
      for index in next.indices {
        next[index].mass = logAdd(next[index].blank, next[index].letter)
        next[index].score = next[index].mass + tree.nodes[next[index].node].prior
        next[index].rank = next[index].score
        if let pattern { next[index].rank += pattern.ahead(of: tree.nodes[next[index].node].states, at: frame + 1) }
      }
      if next.count > settings.width {
        next.sort { ($0.rank, $1.node) > ($1.rank, $0.node) }
        let left = next[..<settings.width].reduce(-Float.infinity) { logAdd($0, $1.rank) }
        kept += left - next[settings.width...].reduce(left) { logAdd($0, $1.rank) }
        next.removeLast(next.count - settings.width)
      }
      swap(&beam, &next)
    }
    if let pattern { beam.removeAll { !pattern.accepts(tree.nodes[$0.node].states) || $0.score == -.infinity } }
    beam.sort { ($0.score, $1.node) > ($1.score, $0.node) }
    found = beam.map { entry in
      var labels: [Int] = []
      var node = entry.node
      while node > 0 {
        labels.append(Int(tree.nodes[node].symbol))
        node = Int(tree.nodes[node].parent)
      }
      return (labels.reversed(), entry.score)
    }
  }

  /// Where a prefix stands in the beam that is being made.
  private static func place(_ node: Int, _ tree: inout PrefixTree, _ next: inout [Entry]) -> Int {
    if tree.nodes[node].frame == tree.frame { return Int(tree.nodes[node].place) }
    tree.nodes[node].frame = tree.frame
    tree.nodes[node].place = Int32(next.count)
    next.append(Entry(node: node, blank: -.infinity, letter: -.infinity))
    return next.count - 1
  }
}
