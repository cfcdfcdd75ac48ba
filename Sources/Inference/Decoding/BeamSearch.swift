import Glibc

/// One letter of a hypothesis.
public struct HypothesisLetter: Hashable, Sendable {
  public var letter: Character
  /// How likely this letter stands here, the letters around it as they are.
  public var probability: Double
  /// The likeliest others, best first; nil is no letter at all.
  public var alternatives: [(letter: Character?, probability: Double)]
  /// First and last frame on the likeliest path.
  public var frames: ClosedRange<Int>

  public static func == (a: HypothesisLetter, b: HypothesisLetter) -> Bool {
    a.letter == b.letter && a.probability == b.probability && a.frames == b.frames
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(letter)
    hasher.combine(frames)
  }
}

/// What a line may say.
public struct Hypothesis: Hashable, Sendable {
  public var letters: [HypothesisLetter]
  /// p(text | lattice), over all texts of any length.
  public var probability: Double
  public var text: String { String(letters.map(\.letter)) }

  public init(letters: [HypothesisLetter], probability: Double) {
    self.letters = letters
    self.probability = probability
  }
}

/// Finds the likeliest texts of a lattice: prefix beam search (Hannun et al. 2014), then exact probabilities for what it found.
///
/// Costs about frames x width x 3 steps, and a forward-backward pass for each candidate.
public struct BeamSearch: Sendable {
  public struct Settings: Hashable, Sendable {
    /// Prefixes kept after each frame.
    public var width = 24
    /// Texts returned at most.
    public var candidates = 5
    /// Logits are divided by this before anything is computed: fitted so that probabilities say how often one is right.
    public var temperature = 1.0
    /// Classes below this probability do not extend a prefix.
    public var floor = 1e-4

    public init() {}
  }

  public var settings: Settings

  public init(_ settings: Settings = Settings()) { self.settings = settings }

  /// The likeliest texts, best first; at least one, which may be empty.
  public func decode(_ original: Lattice) -> [Hypothesis] {
    let lattice = settings.temperature == 1 ? original : original.softened(by: Float(settings.temperature))
    let texts = search(lattice)
    let paths = texts.map { LabelPaths(lattice, labels: $0) }
      .filter { $0.logProbability > -.infinity }
      .sorted { $0.logProbability > $1.logProbability }
      .prefix(max(1, settings.candidates))
    return paths.map(Self.hypothesis)
  }

  private static func hypothesis(_ paths: LabelPaths) -> Hypothesis {
    let lattice = paths.lattice
    let ranges = paths.alignment()
    let letters = ranges.indices.map { index -> HypothesisLetter in
      let from = index > 0 ? ranges[index - 1].lowerBound + 1 : 0
      let to = index + 1 < ranges.count ? ranges[index + 1].upperBound - 1 : lattice.frames - 1
      let window = min(from, ranges[index].lowerBound)...max(to, ranges[index].upperBound)
      let shares = paths.alternatives(at: index, frames: window)
      let label = paths.labels[index]
      let others = shares.indices.filter { $0 != label && shares[$0] > 0.001 }
        .sorted { shares[$0] > shares[$1] }.prefix(4)
        .map { (letter: $0 == 0 ? nil : lattice.alphabet[$0 - 1], probability: Double(shares[$0])) }
      return HypothesisLetter(
        letter: lattice.alphabet[label - 1], probability: Double(min(1, shares[label])), alternatives: Array(others),
        frames: ranges[index])
    }
    return Hypothesis(letters: letters, probability: Double(expf(min(0, paths.logProbability))))
  }

  /// A prefix: the text so far as a chain back to the empty one.
  private struct Node {
    var parent: Int
    var symbol: Int
  }

  private struct Entry {
    var node: Int
    /// Mass of paths that end in a blank, and in the last letter.
    var blank: Float
    var letter: Float
    var total: Float
  }

  private func search(_ lattice: Lattice) -> [[Int]] {
    var nodes = [Node(parent: -1, symbol: 0)]
    var children: [Int: Int] = [:]
    var beam = [Entry(node: 0, blank: 0, letter: -.infinity, total: 0)]
    let floor = Float(log(settings.floor))
    var place: [Int: Int] = [:]
    var next: [Entry] = []
    var live: [Int] = []
    for frame in 0..<lattice.frames {
      live.removeAll(keepingCapacity: true)
      for symbol in 1..<lattice.classes where lattice[frame, symbol] > floor { live.append(symbol) }
      place.removeAll(keepingCapacity: true)
      next.removeAll(keepingCapacity: true)
      func slot(_ node: Int) -> Int {
        if let known = place[node] { return known }
        place[node] = next.count
        next.append(Entry(node: node, blank: -.infinity, letter: -.infinity, total: 0))
        return next.count - 1
      }
      for entry in beam {
        let last = nodes[entry.node].symbol
        let here = slot(entry.node)
        next[here].blank = logAdd(next[here].blank, entry.total + lattice[frame, 0])
        if last != 0 { next[here].letter = logAdd(next[here].letter, entry.letter + lattice[frame, last]) }
        for symbol in live {
          // The same letter again is a new one only after a blank.
          let mass = (symbol == last ? entry.blank : entry.total) + lattice[frame, symbol]
          guard mass > -.infinity else { continue }
          let key = entry.node * lattice.classes + symbol
          let child: Int
          if let known = children[key] {
            child = known
          } else {
            child = nodes.count
            nodes.append(Node(parent: entry.node, symbol: symbol))
            children[key] = child
          }
          let there = slot(child)
          next[there].letter = logAdd(next[there].letter, mass)
        }
      }
      for index in next.indices { next[index].total = logAdd(next[index].blank, next[index].letter) }
      if next.count > settings.width {
        next.sort { ($0.total, $1.node) > ($1.total, $0.node) }
        next.removeLast(next.count - settings.width)
      }
      swap(&beam, &next)
    }
    return beam.map { entry in
      var labels: [Int] = []
      var node = entry.node
      while node > 0 {
        labels.append(nodes[node].symbol)
        node = nodes[node].parent
      }
      return labels.reversed()
    }
  }
}

extension Lattice {
  /// The lattice with its logits divided by `temperature` and each frame brought to 1 again.
  public func softened(by temperature: Float) -> Lattice {
    var copy = self
    for frame in 0..<frames {
      let row = frame * classes..<(frame + 1) * classes
      for index in row { copy.logProbabilities[index] /= temperature }
      let total = row.reduce(-Float.infinity) { logAdd($0, copy.logProbabilities[$1]) }
      for index in row { copy.logProbabilities[index] -= total }
    }
    return copy
  }
}
