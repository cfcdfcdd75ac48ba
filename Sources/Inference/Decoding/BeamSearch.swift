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

/// What is fitted to a network on lines it was not trained on, and stands in its model file.
public struct SearchTuning: Hashable, Sendable {
  /// Logits are divided by this before anything is computed, so that probabilities of letters say how often one is right.
  public var temperature = 1.0
  /// What the letter model's logarithms count, and what each letter is worth, so that short texts are not preferred.
  public var weight = 0.0
  public var bonus = 0.0
  /// What scores are multiplied by before texts are weighed against each other, and how much of what the search let go counts as if it
  /// had been kept to the end (a power of its share): so that probabilities of lines say the same.
  public var sharpness = 1.0
  public var lost = 1.0

  public init() {}
}

/// Finds the likeliest texts of a lattice: prefix beam search (Hannun et al. 2014), with a letter model's opinion added where there is one,
/// then exact masses for what it found.
///
/// A text's score is log p(text | lattice) + weight x log p(text | letter model) + bonus x letters. Its probability is its share
/// among the texts that the search kept to the end, less for what it let go on the way. Costs about frames x width x 3 steps, and a forward-backward pass for
/// each candidate: some 3 ms for a line of 800 columns.
public struct BeamSearch: Sendable {
  public struct Settings: Hashable, Sendable {
    /// Prefixes kept after each frame.
    public var width = 24
    /// Texts returned at most.
    public var candidates = 5
    /// Classes below this probability do not extend a prefix.
    public var floor = 3e-3
    /// Prefixes so much worse than the best of the frame before, in logarithms, are not looked at.
    public var margin: Float = 8
    /// The same for the worst of a full beam: what is below it can still grow by what comes to it from elsewhere.
    public var slack: Float = 2
    public var tuning = SearchTuning()

    public init() {}
  }

  public var settings: Settings
  /// The letter model that takes part, if any: of the same alphabet as the lattices.
  public let letters: LetterModel?

  public init(_ settings: Settings = Settings(), letters: LetterModel? = nil) {
    self.settings = settings
    self.letters = letters
  }

  /// The likeliest texts, best first; at least one, which may be empty.
  public func decode(_ original: Lattice) -> [Hypothesis] {
    let lattice =
      settings.tuning.temperature == 1 ? original : original.softened(by: Float(settings.tuning.temperature))
    let likely = lattice.likelihoods
    let opinion = Opinion(self, lattice)
    var found: [(paths: LabelPaths, score: Float)] = []
    var all = -Float.infinity
    let sharpness = Float(settings.tuning.sharpness)
    let enough = max(1, settings.candidates)
    let search = PrefixSearch(lattice, opinion, settings)
    for (text, score) in search.found {
      var score = score
      // The beam's own masses are a little short of the exact ones: a few more than wanted are looked at.
      if found.count < enough + 3 {
        let paths = LabelPaths(lattice, likely, labels: text)
        guard paths.logProbability > -.infinity else { continue }
        score = paths.logProbability + opinion.prior(of: text)
        found.append((paths, score))
      }
      all = logAdd(all, sharpness * score)
    }
    all -= Float(settings.tuning.lost) * search.kept
    found.sort { $0.score > $1.score }
    return found.prefix(enough).map { paths, score in
      hypothesis(paths, opinion, probability: min(1, expf(sharpness * score - all)))
    }
  }

  private func hypothesis(_ paths: LabelPaths, _ opinion: Opinion, probability: Float) -> Hypothesis {
    let lattice = paths.lattice
    let ranges = paths.alignment()
    var context = opinion.start
    let letters = ranges.indices.map { index -> HypothesisLetter in
      let from = index > 0 ? ranges[index - 1].lowerBound + 1 : 0
      let to = index + 1 < ranges.count ? ranges[index + 1].upperBound - 1 : lattice.frames - 1
      let window = min(from, ranges[index].lowerBound)...max(to, ranges[index].upperBound)
      var shares = paths.alternatives(at: index, frames: window)
      let label = paths.labels[index]
      opinion.weigh(&shares, at: index, of: paths.labels, after: context)
      context = opinion.step(context, label).next
      let others = shares.indices.filter { $0 != label && shares[$0] > 0.001 }
        .sorted { shares[$0] > shares[$1] }.prefix(4)
        .map { (letter: $0 == 0 ? nil : lattice.alphabet[$0 - 1], probability: Double(shares[$0])) }
      return HypothesisLetter(
        letter: lattice.alphabet[label - 1], probability: Double(min(1, shares[label])), alternatives: Array(others),
        frames: ranges[index])
    }
    return Hypothesis(letters: letters, probability: Double(probability))
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
