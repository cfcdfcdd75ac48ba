import Corpus
import Glibc
import Inference
import Raster

/// What decides a reading besides the image and the model.
public struct ReadingSettings: Hashable, Sendable {
  /// Prefixes the beam search keeps.
  public var beam = 24
  /// Candidates offered for a line.
  public var candidates = 5
  /// Letters less probable than this are dotted.
  public var threshold = 0.92
  /// Whether lines that are not sure at first sight are looked at again under other geometries: three times the time, a tenth fewer errors.
  public var looksAgain = true
  /// Whether the model's letter model takes part; without it one sees what the network alone can do.
  public var usesLetters = true

  public init() {}

  /// As it stands in `FragmentReading.settings`: a reading made otherwise is another reading.
  public var text: String {
    "beam=\(beam) candidates=\(candidates) threshold=\(threshold)" + (looksAgain ? "" : " looks=1")
      + (usesLetters ? "" : " letters=none")
  }
}

/// Reads straight strips with a model: normalise, recognise, search. Thread-safe.
public struct LineReader: Sendable {
  public let model: ReaderModel
  public let settings: ReadingSettings
  private let search: BeamSearch

  public init(_ model: ReaderModel, settings: ReadingSettings = ReadingSettings()) {
    self.model = model
    self.settings = settings
    var search = BeamSearch.Settings()
    search.width = settings.beam
    search.candidates = settings.candidates
    search.tuning = model.tuning
    self.search = BeamSearch(search, prior: settings.usesLetters ? model.letters : nil)
  }

  /// The same reader with another letter model.
  private init(_ reader: LineReader, letters: LetterModel) {
    (model, settings) = (reader.model, reader.settings)
    search = BeamSearch(reader.search.settings, prior: letters)
  }

  /// The same reader when its letter model has learnt what other lines of the same text say (`LetterModel.taught`): half a second. nil where none takes part.
  ///
  /// - Parameter lines: letters in capitals, `.` for one that is lost.
  public func knowing(_ lines: [String]) -> LineReader? {
    guard settings.usesLetters, let letters = model.letters,
      let taught = letters.taught(by: lines.map(letters.symbols), name: letters.name)
    else { return nil }
    return LineReader(self, letters: taught)
  }

  /// What a strip says, letters in columns of the strip.
  public struct Outcome: Sendable {
    public var hypotheses: [Hypothesis]
    /// The strip as the network saw it.
    public var normalised: NormalisedStrip
    /// What the ink alone says where the first hypothesis says otherwise (`LineSearch.inkAlone`).
    public var inkAlone: InkReading?

    /// Left and right of each letter of a hypothesis, in pixels of the strip: half way to its neighbours, but no
    /// wider than the hand's pitch.
    public func spans(of hypothesis: Hypothesis, columnsPerFrame: Int = ReaderConfig.pixelsPerFrame) -> [(
      left: Double, right: Double
    )] {
      let centres = hypothesis.letters.map { letter in
        Double(letter.frames.lowerBound + letter.frames.upperBound + 1) / 2 * Double(columnsPerFrame)
      }
      let steps = zip(centres, centres.dropFirst()).map { $1 - $0 }.sorted()
      let pitch = steps.isEmpty ? NormalisedStrip.xHeight : steps[steps.count / 2]
      return centres.indices.map { index in
        let before = index > 0 ? (centres[index] - centres[index - 1]) / 2 : pitch / 2
        let after = index + 1 < centres.count ? (centres[index + 1] - centres[index]) / 2 : pitch / 2
        return (
          normalised.stripX(ofColumn: max(0, centres[index] - min(before, 0.75 * pitch))),
          normalised.stripX(ofColumn: min(Double(normalised.width), centres[index] + min(after, 0.75 * pitch)))
        )
      }
    }
  }

  /// Reads strips of any size, tight or loose, grey or colour, together. A strip without ink reads as nothing.
  ///
  /// A line whose letters are not sure is looked at again: higher and lower; first the scale is sought where next to nothing was read.
  ///
  /// - Parameter strips: with where the writing stands on each, where that is known.
  public func read(_ strips: [(image: Bitmap, geometry: StripGeometry?)]) -> [Outcome] {
    zip(strips, glance(at: strips)).map { settle($1, on: $0.image) }
  }

  /// A strip under one geometry.
  struct Look: Sendable {
    var strip: NormalisedStrip
    var lattice: Lattice
    /// Goes on where others are looked at.
    var search: LineSearch
    /// The best hypothesis alone.
    var outcome: Outcome
    /// Whether somebody said that here is a line, and how high its letters are.
    var isGiven = false
  }

  /// The first look at each strip.
  func glance(at strips: [(image: Bitmap, geometry: StripGeometry?)]) -> [Look] {
    let normalised = strips.map { image, geometry in
      geometry.map { StripNormaliser.normalise(image, at: $0) } ?? StripNormaliser.normalise(image)
    }
    return zip(looks(at: normalised), strips).map { look, strip in
      var look = look
      look.isGiven = strip.geometry != nil
      return look
    }
  }

  /// The texts of a line that fit a pattern, from several looks: what a scholar knows may be what the first look missed.
  func settle(_ look: Look, on image: Bitmap, like pattern: LinePattern) -> Outcome {
    let others = lattices(of: StripNormaliser.normalise(image, around: look.strip.geometry, Self.others))
    let hypotheses = StageTimes.measure(.search) { search.decode([look.lattice] + others, like: pattern) }
    return outcome(hypotheses, look.strip)
  }

  /// What is to be made of a first look: nothing where there is nothing, a second one where it is not sure.
  func settle(_ first: Look, on image: Bitmap) -> Outcome {
    guard let (look, others) = decisive(first, on: image) else {
      return Outcome(hypotheses: [Hypothesis(letters: [], probability: 1)], normalised: first.strip)
    }
    let (hypotheses, ink) = StageTimes.measure(.search) {
      var search = look.search
      for other in others { search.look(at: other) }
      return (search.hypotheses(settings.candidates), search.inkAlone())
    }
    var outcome = outcome(hypotheses, look.strip)
    if let ink, let letters = hypotheses.first?.letters.count {
      outcome.inkAlone = InkReading(text: ink.text, preference: ink.preference / Double(max(1, letters)))
    }
    return outcome
  }

  /// All that decides what a strip says: the lattice of the look that counts and, where it is not sure, those of others; empty for a
  /// strip with nothing on it. For tuning.
  public func looks(at image: Bitmap, geometry: StripGeometry? = nil) -> [Lattice] {
    looks(after: glance(at: [(image: image, geometry: geometry)])[0], on: image)
  }

  /// The same where the first look is there already.
  func looks(after first: Look, on image: Bitmap) -> [Lattice] {
    guard let (look, others) = decisive(first, on: image) else { return [] }
    return [look.lattice] + others
  }

  private func decisive(_ first: Look, on image: Bitmap) -> (look: Look, others: [Lattice])? {
    guard first.strip.pixels.contains(where: { $0 > 0.1 }) else { return nil }
    var look = first
    if first.isGiven {
      // That there is a line is known; in a hand never seen the network is rarely sure of a letter.
      guard Self.count(first) > 0, Self.evidence(first).anyLetter >= Self.someLetter else { return nil }
    } else if Self.certainty(first.outcome) < Self.lost || !Self.isWriting(first) {
      // Where no band of ink stands out on a strip longer than a letter, specks are not to be taken for letters.
      let isNarrow = image.width < 2 * image.height
      guard isNarrow || StripNormaliser.measure(image) != nil else { return nil }
      // The scale may be at fault.
      if settings.looksAgain {
        look = ([first] + looks(at: StripNormaliser.normalise(image, around: first.strip.geometry, Self.otherScales)))
          .max { Self.worth($0) < Self.worth($1) }!
      }
      guard Self.isWriting(look) else { return nil }
      // A long strip of noise, squeezed until it looks like a letter, is none.
      guard isNarrow || look.strip == first.strip || Self.count(look) > 2 else { return nil }
    }
    guard settings.looksAgain, Self.certainty(look.outcome) < Self.settled || look.strip != first.strip else {
      return (look, [])
    }
    return (look, lattices(of: StripNormaliser.normalise(image, around: look.strip.geometry, Self.others)))
  }

  /// The last step: probabilities as the tuning's maps have them.
  private func outcome(_ hypotheses: [Hypothesis], _ strip: NormalisedStrip) -> Outcome {
    Outcome(hypotheses: hypotheses.calibrated(by: model.tuning), normalised: strip)
  }

  /// Mean probability of letters from which on a line is not looked at again, and below which its scale is doubted.
  private static let settled = 0.97
  private static let lost = 0.5
  /// How sure the network must be that there are letters at all where a line is known to be.
  private static let someLetter = 0.5
  private static func worth(_ look: Look) -> Double { certainty(look.outcome) * evidence(look).itsLetter }

  /// Other scales beside them, on real photographs and drawn lines, made the looks twice as dear and the errors no fewer.
  private static let others = [StripNormaliser.Adjustment(shift: -3), .init(shift: 3)]
  private static let otherScales = [StripNormaliser.Adjustment(scale: 0.6), .init(scale: 1.6)]

  private func looks(at strips: [NormalisedStrip]) -> [Look] {
    zip(strips, lattices(of: strips)).map { strip, lattice in
      var line = LineSearch(search)
      let best = StageTimes.measure(.search) {
        line.look(at: lattice)
        return line.hypotheses(1)
      }
      return Look(
        strip: strip, lattice: lattice, search: line, outcome: Outcome(hypotheses: best, normalised: strip))
    }
  }

  private func lattices(of strips: [NormalisedStrip]) -> [Lattice] {
    StageTimes.measure(.network) { model.recognise(strips.map { (pixels: $0.pixels, width: $0.width) }) }
  }

  /// Mean probability of the letters of the best hypothesis; 0 for nothing.
  static func certainty(_ outcome: Outcome) -> Double {
    guard let letters = outcome.hypotheses.first?.letters, !letters.isEmpty else { return 0 }
    return letters.map(\.probability).reduce(0, +) / Double(letters.count)
  }

  /// What the network alone gives the best hypothesis; the letter model, which can make words out of fibres, has no part in it.
  struct Evidence {
    /// For each letter the greatest probability in one frame of any letter at all; their mean, and 0 for no letters.
    var anyLetter = 0.0
    /// The same of just that letter.
    var itsLetter = 0.0
  }

  static func count(_ look: Look) -> Int { look.outcome.hypotheses.first?.letters.count ?? 0 }

  static func evidence(_ look: Look) -> Evidence {
    guard let letters = look.outcome.hypotheses.first?.letters, !letters.isEmpty else { return Evidence() }
    var sum = Evidence()
    for letter in letters {
      guard let symbol = look.lattice.alphabet.firstIndex(of: letter.letter) else { continue }
      let blank = letter.frames.reduce(Float(0)) { min($0, look.lattice[$1, 0]) }
      let own = letter.frames.reduce(-Float.infinity) { max($0, look.lattice[$1, symbol + 1]) }
      sum.anyLetter += 1 - Double(expf(blank))
      sum.itsLetter += Double(expf(own))
    }
    let count = Double(letters.count)
    return Evidence(anyLetter: sum.anyLetter / count, itsLetter: sum.itsLetter / count)
  }

  /// Whether there is writing under a look, and not fibres, specks or noise. Of one or two letters it is often hard to say which they are, but not that there
  /// are some; a line whose letters could be any is none.
  static func isWriting(_ look: Look) -> Bool {
    let evidence = evidence(look)
    return count(look) <= 2 ? evidence.anyLetter >= 0.9 : evidence.anyLetter >= 0.77 && evidence.itsLetter >= 0.3
  }

  /// How much sense lines make: how sure the network alone is of their letters (`Evidence.itsLetter`), with a twentieth of what the letter model gives them.
  /// Writing that is upside down, on its side or a negative gives letters enough, and the search makes them Greek, but the ink does not bear them out: of 26
  /// photographs and the same turned by a half this was greater the right way up with every one of three readers, one of which had seen no photograph, where the
  /// letters' probabilities failed on two to nine of 52. It does not depend on the model's tuning. -infinity for less than four letters.
  func sense(of looks: [Look]) -> Double {
    let count = looks.reduce(0) { $0 + Self.count($1) }
    guard count >= 4 else { return -.infinity }
    return looks.reduce(0) { $0 + Double(Self.count($1)) * Self.evidence($1).itsLetter + 0.05 * greek($1) }
      / Double(count)
  }

  /// What the letter model gives the letters of a look, in logarithms; 0 where none takes part.
  private func greek(_ look: Look) -> Double {
    guard let model = model.letters, let letters = look.outcome.hypotheses.first?.letters else { return 0 }
    return Double(
      model.logProbability(
        of: letters.compactMap { letter in model.alphabet.firstIndex(of: letter.letter).map { $0 + 1 } }))
  }
}
