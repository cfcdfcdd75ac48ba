import Glibc

/// The search for what one line says, look by look: what was found under one look is kept when others come.
public struct LineSearch: Sendable {
  private let settings: BeamSearch.Settings
  private let prior: (any TextPrior)?
  private let pattern: LinePattern?
  private var lattices: [Lattice] = []
  private var likely: [[Float]] = []
  private var searches: [PrefixSearch] = []
  private var tree: PrefixTree?
  /// The texts that any look has brought up, with their masses under each.
  private var found: [(text: [Int], masses: [Float])] = []
  /// The same by what all looks together make of them, best first, and the logarithm of the sum that their probabilities are shares of.
  private var ranked: [(found: Int, score: Float)] = []
  private var all = -Float.infinity
  /// The best of them, as far as they were asked for.
  private var made: [Hypothesis] = []

  /// - Parameter pattern: only texts that fit it are looked for.
  public init(_ search: BeamSearch, like pattern: LinePattern? = nil) {
    (settings, prior, self.pattern) = (search.settings, search.prior, pattern)
  }

  /// What one look can say against a text at most, in logarithms.
  private static let doubt: Float = 12

  /// Searches one look more.
  public mutating func look(at look: Lattice) {
    let temperature = Float(settings.tuning.temperature)
    let lattice = temperature == 1 ? look : look.softened(by: temperature)
    let opinion = Opinion(settings, prior, lattice)
    var tree = tree ?? PrefixTree(opinion)
    self.tree = nil
    let search = PrefixSearch(lattice, opinion, settings, &tree, pattern.map { PatternStates($0, lattice) })
    self.tree = tree
    lattices.append(lattice)
    likely.append(lattice.likelihoods)
    searches.append(search)
    (ranked, made) = ([], [])
    // The beam's own masses are a little short of the exact ones: a few more than wanted are looked at.
    for (text, _) in search.found.prefix(enough + 3) where !found.contains(where: { $0.text == text }) {
      found.append((text, []))
    }
  }

  private var enough: Int { max(1, settings.candidates) }

  /// The likeliest texts, best first; at least one, which may be empty, where no pattern keeps all out.
  public mutating func hypotheses(_ count: Int) -> [Hypothesis] {
    guard let first = lattices.first else { return [] }
    let opinion = Opinion(settings, prior, first)
    if ranked.isEmpty { rank(opinion) }
    for (index, score) in ranked.prefix(max(1, count)).dropFirst(made.count) {
      let (text, masses) = found[index]
      // A look too narrow for the text says nothing of its letters.
      let seen = lattices.indices.filter { masses[$0] > -.infinity }
        .map { LabelPaths(lattices[$0], likely[$0], labels: text) }
      made.append(
        hypothesis(seen, opinion, probability: min(1, expf(Float(settings.tuning.sharpness) * score - all))))
    }
    return Array(made.prefix(max(1, count)))
  }

  /// What the network alone makes of the line, by all looks, where that is another text than the likeliest one; and how much it prefers it, in logarithms.
  /// nil too where no prior takes part.
  ///
  /// Of the texts that the searches brought up, and that along the best path of the first look. Costs a forward pass for each look.
  public mutating func inkAlone() -> (text: String, preference: Double)? {
    guard let first = lattices.first else { return nil }
    let opinion = Opinion(settings, prior, first)
    guard opinion.prior != nil else { return nil }
    if ranked.isEmpty { rank(opinion) }
    guard let likeliest = ranked.first?.found else { return nil }
    let greedy = first.greedyLabels
    var texts = found
    if !texts.contains(where: { $0.text == greedy }) {
      texts.append(
        (greedy, lattices.indices.map { LabelPaths.logProbability(lattices[$0], likely[$0], of: greedy) }))
    }
    let sums = texts.map { $0.masses.reduce(0, +) / Float(lattices.count) }
    guard let best = sums.indices.max(by: { sums[$0] < sums[$1] }), best != likeliest, sums[likeliest] > -.infinity
    else { return nil }
    return (String(texts[best].text.map { first.alphabet[$0 - 1] }), Double(sums[best] - sums[likeliest]))
  }

  private mutating func rank(_ opinion: Opinion) {
    let sharpness = Float(settings.tuning.sharpness)
    for index in found.indices {
      for look in found[index].masses.count..<lattices.count {
        found[index].masses.append(LabelPaths.logProbability(lattices[look], likely[look], of: found[index].text))
      }
    }
    ranked = found.indices.filter { found[$0].masses[0] > -.infinity }.map { ($0, opinion.prior(of: found[$0].text)) }
    for look in lattices.indices {
      let best = ranked.reduce(-Float.infinity) { max($0, found[$1.found].masses[look]) }
      // A look that makes nothing of the line must not outvote the others.
      for index in ranked.indices {
        ranked[index].score += max(found[ranked[index].found].masses[look], best - Self.doubt) / Float(lattices.count)
      }
    }
    all = ranked.reduce(-Float.infinity) { logAdd($0, sharpness * $1.score) }
    if searches.count == 1 {
      for (_, score) in searches[0].found.dropFirst(enough + 3) { all = logAdd(all, sharpness * score) }
    }
    all -= Float(settings.tuning.lost) * searches.reduce(0) { $0 + $1.kept } / Float(searches.count)
    ranked.sort { $0.score > $1.score }
  }

  private func hypothesis(_ looks: [LabelPaths], _ opinion: Opinion, probability: Float) -> Hypothesis {
    let (lattice, labels) = (looks[0].lattice, looks[0].labels)
    let seen = looks.map { ($0, $0.alignment()) }
    let trace = opinion.trace(labels)
    let letters = labels.indices.map { index -> HypothesisLetter in
      var shares = [Float](repeating: 0, count: lattice.classes)
      for (paths, ranges) in seen {
        let from = index > 0 ? ranges[index - 1].lowerBound + 1 : 0
        let to = index + 1 < ranges.count ? ranges[index + 1].upperBound - 1 : paths.lattice.frames - 1
        let window = min(from, ranges[index].lowerBound)...max(to, ranges[index].upperBound)
        for (symbol, share) in paths.alternatives(at: index, frames: window).enumerated() {
          shares[symbol] += share / Float(seen.count)
        }
      }
      let label = labels[index]
      opinion.weigh(&shares, at: index, of: labels, trace)
      let others = shares.indices.filter { $0 != label && shares[$0] > 0.001 }
        .sorted { shares[$0] > shares[$1] }.prefix(4)
        .map { (letter: $0 == 0 ? nil : lattice.alphabet[$0 - 1], probability: Double(shares[$0])) }
      return HypothesisLetter(
        letter: lattice.alphabet[label - 1], probability: Double(min(1, shares[label])), alternatives: Array(others),
        frames: seen[0].1[index])
    }
    return Hypothesis(letters: letters, probability: Double(probability))
  }
}
