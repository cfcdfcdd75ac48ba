/// Neighbours merged two by two, the best pair first; of equally good ones the leftmost.
///
/// - Complexity: O(n log n): pairs wait in a heap, and those whose parts have changed meanwhile are passed over.
struct PairMerging {
  struct Symbol {
    var range: Range<Int>
    /// -1 for what is no token.
    var token: Int
  }

  /// What is left, in order, after `run`.
  private(set) var symbols: [Symbol]
  private var before: [Int]
  private var next: [Int]
  private var heap: [Pair] = []

  private struct Pair {
    var cost: Float
    var left, right: Int
    /// Bytes of both together: others mean that a part has changed.
    var size: Int
    var token: Int

    static func < (one: Pair, other: Pair) -> Bool {
      one.cost != other.cost ? one.cost < other.cost : one.left < other.left
    }
  }

  init(symbols ranges: [Range<Int>], _ token: (Range<Int>) -> Int) {
    symbols = ranges.map { Symbol(range: $0, token: token($0)) }
    before = ranges.indices.map { $0 - 1 }
    next = ranges.indices.map { $0 + 1 }
  }

  /// Each letter of some UTF-8; bytes that are none, one by one.
  static func letters(of bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var at = 0
    while at < bytes.count {
      let length = bytes[at] < 0xC0 ? 1 : bytes[at] < 0xE0 ? 2 : bytes[at] < 0xF0 ? 3 : 4
      ranges.append(at..<min(bytes.count, at + length))
      at = ranges[ranges.count - 1].upperBound
    }
    return ranges
  }

  /// Merges until nothing is left to merge.
  /// - Parameter merge: what a pair costs and becomes; nil where it does not go together.
  mutating func run(_ merge: (_ left: Symbol, _ right: Symbol) -> (cost: Float, token: Int)?) {
    guard symbols.count > 1 else { return }
    for left in 0..<symbols.count - 1 { offer(left, left + 1, merge) }
    while let pair = take() {
      let (left, right) = (symbols[pair.left], symbols[pair.right])
      guard !left.range.isEmpty, !right.range.isEmpty, left.range.count + right.range.count == pair.size else {
        continue
      }
      symbols[pair.left] = Symbol(range: left.range.lowerBound..<right.range.upperBound, token: pair.token)
      symbols[pair.right].range = right.range.upperBound..<right.range.upperBound
      next[pair.left] = next[pair.right]
      if next[pair.right] < symbols.count { before[next[pair.right]] = pair.left }
      if before[pair.left] >= 0 { offer(before[pair.left], pair.left, merge) }
      if next[pair.left] < symbols.count { offer(pair.left, next[pair.left], merge) }
    }
    symbols.removeAll { $0.range.isEmpty }
  }

  private mutating func offer(_ left: Int, _ right: Int, _ merge: (Symbol, Symbol) -> (cost: Float, token: Int)?) {
    guard let (cost, token) = merge(symbols[left], symbols[right]) else { return }
    let size = symbols[left].range.count + symbols[right].range.count
    heap.append(Pair(cost: cost, left: left, right: right, size: size, token: token))
    var at = heap.count - 1
    while at > 0, heap[at] < heap[(at - 1) / 2] {
      heap.swapAt(at, (at - 1) / 2)
      at = (at - 1) / 2
    }
  }

  private mutating func take() -> Pair? {
    guard let best = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return best }
    heap[0] = last
    var at = 0
    while true {
      var least = at
      for child in [2 * at + 1, 2 * at + 2] where child < heap.count && heap[child] < heap[least] { least = child }
      guard least != at else { return best }
      heap.swapAt(at, least)
      at = least
    }
  }
}
