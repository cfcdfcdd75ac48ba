/// What else a letter may be.
public struct LetterAlternative: Hashable, Sendable {
  /// One Greek capital; empty for no letter at all.
  public var text: String
  /// 0 ... 1.
  public var probability: Double

  public init(text: String, probability: Double) {
    self.text = text
    self.probability = probability
  }
}

/// One letter of a candidate reading.
public struct CandidateLetter: Hashable, Sendable {
  /// One Greek capital.
  public var text: String
  /// 0 ... 1.
  public var probability: Double
  /// Where it stands, in pixels of the photograph along x, or along y where the line runs up or down (`LineRegion.runsAcross`);
  /// `left` is the lesser, whichever way the line reads.
  public var left: Double
  public var right: Double
  /// The likeliest others, best first, three at most.
  public var alternatives: [LetterAlternative]

  public init(
    text: String, probability: Double, left: Double, right: Double, alternatives: [LetterAlternative] = []
  ) {
    self.text = text
    self.probability = probability
    self.left = left
    self.right = right
    self.alternatives = alternatives
  }
}

/// One thing a line may say.
public struct Candidate: Hashable, Sendable {
  /// The diplomatic letter stream: capitals, no spaces, no accents.
  public var text: String
  /// The same in Leiden+, uncertain letters dotted, holes as gaps.
  public var leiden: String
  public var probability: Double
  public var letters: [CandidateLetter]
  /// What the ink alone says, where a first candidate says otherwise.
  public var inkAlone: InkReading?

  public init(
    text: String, leiden: String, probability: Double, letters: [CandidateLetter], inkAlone: InkReading? = nil
  ) {
    self.text = text
    self.leiden = leiden
    self.probability = probability
    self.letters = letters
    self.inkAlone = inkAlone
  }
}

/// What the network alone makes of a line, where what is known of the language made another text of it: in poor ink that other text may be a guess.
public struct InkReading: Hashable, Sendable {
  /// The diplomatic letter stream.
  public var text: String
  /// By how much the ink speaks for this text against the candidate: the logarithm of how many times as likely it makes it, for each letter.
  public var preference: Double

  public init(text: String, preference: Double) {
    self.text = text
    self.preference = preference
  }

  /// From this preference on a line is told as one to look at.
  public static let strong = 0.25
}

/// A line as the model read it; best candidate first.
public struct LineReading: Hashable, Sendable {
  public var region: LineRegion
  public var candidates: [Candidate]

  public init(region: LineRegion, candidates: [Candidate]) {
    self.region = region
    self.candidates = candidates
  }
}

/// What a model said about one fragment, in reading order.
public struct FragmentReading: Hashable, Sendable {
  public var fragment: String
  /// Name and content hash of the model, `apollo-reader@1f3a…`.
  public var model: String
  /// What else decided the outcome (beam width, threshold), as `name=value` pairs.
  public var settings: String
  /// Wall-clock seconds it took.
  public var seconds: Double
  public var lines: [LineReading]

  public init(fragment: String, model: String, settings: String, seconds: Double, lines: [LineReading]) {
    self.fragment = fragment
    self.model = model
    self.settings = settings
    self.seconds = seconds
    self.lines = lines
  }
}
