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
  /// What scores are multiplied by before texts are weighed against each other: above 1 the best text gains on the others, below 1 it loses.
  /// `lost` says how much of what the search let go on the way counts against all texts (a power of its share). Both are fitted so that of
  /// lines read with probability p, a share of p is right.
  public var sharpness = 1.0
  public var lost = 1.0
  /// The last word on probabilities of letters, of lines, and of lines of a single letter, fitted to what the reader as a whole says.
  public var letterMap = ProbabilityMap.identity
  public var lineMap = ProbabilityMap.identity
  public var loneMap = ProbabilityMap.identity

  public init() {}
}

/// Finds the likeliest texts of a lattice: prefix beam search (Hannun et al. 2014), with the opinion of a prior (`TextPrior`) added where there is one,
/// then exact masses for what it found.
///
/// A text's score is log p(text | lattice) + weight x log p(text | prior) + bonus x letters. Its probability is its share
/// among the texts that the search kept to the end, less for what it let go on the way. Costs about frames x width x 3 steps, and a forward-backward pass for
/// each candidate: some 1 ms for a line of 800 columns.
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
  /// What knows the language, if anything does: of the same alphabet as the lattices.
  public let prior: (any TextPrior)?

  public init(_ settings: Settings = Settings(), prior: (any TextPrior)? = nil) {
    self.settings = settings
    self.prior = prior
  }

  /// The likeliest texts, best first; at least one, which may be empty.
  ///
  /// - Parameter pattern: only texts that fit it are looked for; there may be none, and probabilities are shares among those that do.
  public func decode(_ lattice: Lattice, like pattern: LinePattern? = nil) -> [Hypothesis] {
    decode([lattice], like: pattern)
  }

  /// The likeliest texts of a line that the network has looked at several times, each time a little otherwise scaled or shifted: what
  /// one look lets slip, another sees.
  ///
  /// A text's mass is the geometric mean of its masses under all looks, and texts that any look brings up are weighed. Letters and frames are those of
  /// the first look. Costs a search for each look and some 0.1 ms for each text and look.
  public func decode(_ looks: [Lattice], like pattern: LinePattern? = nil) -> [Hypothesis] {
    var line = LineSearch(self, like: pattern)
    for look in looks { line.look(at: look) }
    return line.hypotheses(settings.candidates)
  }
}

extension Lattice {
  /// The lattice with its logits divided by `temperature` and each frame brought to 1 again.
  public func softened(by temperature: Float) -> Lattice {
    var copy = self
    let (classes, gain) = (classes, 1 / temperature)
    copy.logProbabilities.withUnsafeMutableBufferPointer { values in
      for frame in 0..<frames {
        let row = UnsafeMutableBufferPointer(rebasing: values[frame * classes..<(frame + 1) * classes])
        var greatest = -Float.infinity
        for symbol in row.indices {
          row[symbol] *= gain
          greatest = max(greatest, row[symbol])
        }
        var sum: Float = 0
        for symbol in row.indices { sum += expf(row[symbol] - greatest) }
        let total = greatest + logf(sum)
        for symbol in row.indices { row[symbol] -= total }
      }
    }
    return copy
  }
}
