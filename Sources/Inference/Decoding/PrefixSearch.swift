import Glibc

/// One pass of prefix beam search over a lattice, among all texts or those that fit a pattern.
struct PrefixSearch {
  /// What was kept to the end with its score, best first.
  private(set) var found: [(text: [Int], score: Float)] = []
  /// The logarithm of the share of the scores that was kept at each frame, all frames together.
  private(set) var kept: Float = 0

  /// A prefix: the text so far as a chain back to the empty one.
  private struct Node {
    var parent: Int32
    var symbol: Int32
    var context: TextPrior.State
    var prior: Float
    /// Where it stands in the pattern, if there is one.
    var states: PatternStates.Set
    /// The frame it was last met in, and its place in that frame's beam.
    var frame: Int32 = -1
    var place: Int32 = 0
    /// Prefixes one letter longer, as a chain.
    var firstChild: Int32 = -1
    var nextSibling: Int32 = -1
  }

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

  /// - Complexity: about frames x width x 3 steps.
  init(_ lattice: Lattice, _ opinion: Opinion, _ settings: BeamSearch.Settings, _ pattern: PatternStates? = nil) {
    var nodes = [Node(parent: -1, symbol: 0, context: opinion.start, prior: 0, states: PatternStates.start)]
    nodes.reserveCapacity(lattice.frames * 16)
    var beam = [Entry(node: 0, blank: 0, letter: -.infinity, mass: 0, score: 0, rank: 0)]
    if let pattern { beam[0].rank = pattern.ahead(of: PatternStates.start, at: 0) }
    // A pattern may ask for what the ink hardly shows.
    let floor = Float(log(pattern == nil ? settings.floor : 1e-7))
    var next: [Entry] = []
    var live: [Int] = []
    for frame in 0..<lattice.frames {
      live.removeAll(keepingCapacity: true)
      for symbol in 1..<lattice.classes where lattice[frame, symbol] > floor { live.append(symbol) }
      next.removeAll(keepingCapacity: true)
      // What is so far behind the best of the last frame, or behind the last that was kept there, will not be kept.
      var hopeless = beam.reduce(-Float.infinity) { max($0, $1.rank) } - settings.margin
      if beam.count == settings.width, let worst = beam.last { hopeless = max(hopeless, worst.rank - settings.slack) }
      for entry in beam {
        let last = Int(nodes[entry.node].symbol)
        let here = Self.place(entry.node, frame, &nodes, &next)
        next[here].blank = logAdd(next[here].blank, entry.mass + lattice[frame, 0])
        if last != 0 { next[here].letter = logAdd(next[here].letter, entry.letter + lattice[frame, last]) }
        for symbol in live {
          // The same letter again is a new one only after a blank.
          let mass = (symbol == last ? entry.blank : entry.mass) + lattice[frame, symbol]
          var (rank, states) = (mass + nodes[entry.node].prior, PatternStates.start)
          if let pattern {
            states = pattern.next(nodes[entry.node].states, symbol)
            rank += pattern.ahead(of: states, at: frame + 1)
          }
          guard rank > hopeless else { continue }
          let there = Self.place(Self.child(entry.node, symbol, states, &nodes, opinion), frame, &nodes, &next)
          next[there].letter = logAdd(next[there].letter, mass)
        }
      }
      for index in next.indices {
        next[index].mass = logAdd(next[index].blank, next[index].letter)
        next[index].score = next[index].mass + nodes[next[index].node].prior
        next[index].rank = next[index].score
        if let pattern { next[index].rank += pattern.ahead(of: nodes[next[index].node].states, at: frame + 1) }
      }
      if next.count > settings.width {
        next.sort { ($0.rank, $1.node) > ($1.rank, $0.node) }
        let left = next[..<settings.width].reduce(-Float.infinity) { logAdd($0, $1.rank) }
        kept += left - next[settings.width...].reduce(left) { logAdd($0, $1.rank) }
        next.removeLast(next.count - settings.width)
      }
      swap(&beam, &next)
    }
    if let pattern { beam.removeAll { !pattern.accepts(nodes[$0.node].states) || $0.score == -.infinity } }
    beam.sort { ($0.score, $1.node) > ($1.score, $0.node) }
    found = beam.map { entry in
      var labels: [Int] = []
      var node = entry.node
      while node > 0 {
        labels.append(Int(nodes[node].symbol))
        node = Int(nodes[node].parent)
      }
      return (labels.reversed(), entry.score)
    }
  }

  /// Where a prefix stands in the beam that is being made.
  private static func place(_ node: Int, _ frame: Int, _ nodes: inout [Node], _ next: inout [Entry]) -> Int {
    if nodes[node].frame == Int32(frame) { return Int(nodes[node].place) }
    nodes[node].frame = Int32(frame)
    nodes[node].place = Int32(next.count)
    next.append(Entry(node: node, blank: -.infinity, letter: -.infinity))
    return next.count - 1
  }

  /// The prefix one letter longer.
  private static func child(
    _ node: Int, _ symbol: Int, _ states: PatternStates.Set, _ nodes: inout [Node], _ opinion: Opinion
  ) -> Int {
    var known = nodes[node].firstChild
    while known >= 0 {
      if nodes[Int(known)].symbol == Int32(symbol) { return Int(known) }
      known = nodes[Int(known)].nextSibling
    }
    let (prior, context) = opinion.step(nodes[node].context, symbol)
    nodes.append(
      Node(
        parent: Int32(node), symbol: Int32(symbol), context: context, prior: nodes[node].prior + prior,
        states: states, nextSibling: nodes[node].firstChild))
    nodes[node].firstChild = Int32(nodes.count - 1)
    return nodes.count - 1
  }
}
