import Corpus
import Inference
import JSON
import Text

/// How well a model reads, and how well it knows it.
///
/// LER is the letter error rate: edit distance over letters of the truth. Calibration is the expected calibration error over ten equal
/// bins of probability (Naeini et al. 2015), for letters and for whole lines.
public struct ReadingScore: Sendable {
  public private(set) var lines = 0
  public private(set) var letters = 0
  public private(set) var errors = 0
  /// Lines whose first candidate, or any of the first five, is the truth to the letter.
  public private(set) var first = 0
  public private(set) var amongFive = 0
  /// Letters at or above a threshold for underdots, and how many of them are wrong.
  public struct Plain: Hashable, Sendable {
    public let threshold: Double
    public fileprivate(set) var letters = 0
    public fileprivate(set) var wrong = 0
    public var wrongShare: Double { letters == 0 ? 0 : Double(wrong) / Double(letters) }
  }
  /// For the reader's own threshold.
  public private(set) var plain: Plain
  /// For other thresholds, rising: what each would dot and what it would let pass.
  public private(set) var plainAt: [Plain]
  /// Letters that the ink alone had right and what is known of the language made wrong, and the other way round.
  public private(set) var spoilt = 0
  public private(set) var mended = 0
  /// Lines whose ink speaks strongly for another text (`InkReading.strong`), their letters and what is wrong of them.
  public private(set) var guessed = (lines: 0, letters: 0, errors: 0)
  /// Letters read, right or wrong.
  public private(set) var lettersRead = 0
  public private(set) var letterCalibration = Calibration()
  public private(set) var lineCalibration = Calibration()
  // Over lines, for the interval: errors squared, errors times letters, letters squared.
  private var squares = (errors: 0.0, mixed: 0.0, letters: 0.0)

  public init(threshold: Double) {
    plain = Plain(threshold: threshold)
    plainAt = [0.5, 0.7, 0.8, 0.85, 0.9, 0.92, 0.95, 0.97, 0.99].map { Plain(threshold: $0) }
  }

  public var rate: Double { letters == 0 ? 0 : Double(errors) / Double(letters) }
  /// Half the width of the 95% interval of `rate`: letters of one line stand and fall together, so lines are what is counted (the
  /// ratio estimator's variance, Cochran 1977).
  public var interval: Double {
    guard letters > 0, lines > 1 else { return 0 }
    let spread = squares.errors - 2 * rate * squares.mixed + rate * rate * squares.letters
    return 1.96 * (max(0, spread) * Double(lines) / Double(lines - 1)).squareRoot() / Double(letters)
  }

  /// Adds one line: what was offered, and what the papyrus says (capitals).
  public mutating func add(_ candidates: [Candidate], truth: String) {
    let wanted = Array(truth)
    let best = candidates.first
    let alignment = LetterAlignment(read: Array(best?.text ?? ""), truth: wanted)
    lines += 1
    letters += wanted.count
    errors += alignment.errors
    let (wrong, size) = (Double(alignment.errors), Double(wanted.count))
    squares.errors += wrong * wrong
    squares.mixed += wrong * size
    squares.letters += size * size
    if (best?.text ?? "") == truth { first += 1 }
    if candidates.prefix(5).contains(where: { $0.text == truth }) || (candidates.isEmpty && truth.isEmpty) {
      amongFive += 1
    }
    guard let best else { return }
    if let ink = best.inkAlone {
      let (own, with) = (rightLetters(ink.text, wanted), rightLetters(best.text, wanted))
      spoilt += zip(own, with).count { $0 && !$1 }
      mended += zip(own, with).count { !$0 && $1 }
      if ink.preference >= InkReading.strong {
        guessed = (guessed.lines + 1, guessed.letters + wanted.count, guessed.errors + alignment.errors)
      }
    }
    lineCalibration.add(best.probability, right: alignment.errors == 0)
    for (letter, right) in zip(best.letters, alignment.isRight) {
      letterCalibration.add(letter.probability, right: right)
      lettersRead += 1
      Self.count(letter.probability, right, in: &plain)
      for index in plainAt.indices { Self.count(letter.probability, right, in: &plainAt[index]) }
    }
  }

  /// Of each letter of the truth whether it was read.
  private func rightLetters(_ read: String, _ truth: [Character]) -> [Bool] {
    LetterSteps(truth: truth, read: Array(read)).steps.compactMap { step in step.truth.map { $0 == step.read } }
  }

  private static func count(_ probability: Double, _ right: Bool, in plain: inout Plain) {
    guard probability >= plain.threshold else { return }
    plain.letters += 1
    plain.wrong += right ? 0 : 1
  }

  public var json: JSONValue {
    func short(_ value: Double) -> JSONValue { .double((value * 10000).rounded() / 10000) }
    return .object([
      "lines": .int(lines), "letters": .int(letters), "errors": .int(errors),
      // There is no rate of nothing.
      "ler": letters == 0 ? .null : short(rate), "interval": letters == 0 ? .null : short(interval),
      "firstRight": short(lines == 0 ? 0 : Double(first) / Double(lines)),
      "amongFive": short(lines == 0 ? 0 : Double(amongFive) / Double(lines)),
      "letterCalibrationError": short(letterCalibration.error),
      "letterCalibrationChance": short(letterCalibration.chance),
      "lineCalibrationError": short(lineCalibration.error), "lineCalibrationChance": short(lineCalibration.chance),
      "spoiltByLanguage": .int(spoilt), "mendedByLanguage": .int(mended),
      "guessedLines": .int(guessed.lines), "guessedLetters": .int(guessed.letters),
      "guessedErrors": .int(guessed.errors),
      "undotted": .int(plain.letters), "undottedWrong": short(plain.wrongShare),
      "thresholds": .array(
        plainAt.map {
          .object([
            "threshold": .double($0.threshold), "undotted": .int($0.letters), "undottedWrong": short($0.wrongShare),
          ])
        }),
    ])
  }
}
