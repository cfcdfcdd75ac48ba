/// The prefixes that the searches of one line have met, under whatever look: what the prior says of each is asked once.
struct PrefixTree: Sendable {
  /// A prefix: the text so far as a chain back to the empty one.
  struct Node: Sendable {
    var parent: Int32
    var symbol: Int32
    var context: TextPrior.State
    var prior: Float
    /// Where it stands in the pattern, if there is one.
    var states: PatternStates.Set
    /// The frame it was last met in, as the tree counts, and its place in that frame's beam.
    var frame: Int32 = -1
    var place: Int32 = 0
    /// Prefixes one letter longer, as a chain.
    var firstChild: Int32 = -1
    var nextSibling: Int32 = -1
  }

  /// The empty prefix is the first.
  var nodes: [Node]
  /// Frames searched, of all looks together.
  var frame: Int32 = 0

  init(_ opinion: Opinion) {
    nodes = [Node(parent: -1, symbol: 0, context: opinion.start, prior: 0, states: PatternStates.start)]
  }

  /// The prefix one letter longer.
  mutating func child(_ node: Int, _ symbol: Int, _ states: PatternStates.Set, _ opinion: Opinion) -> Int {
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
