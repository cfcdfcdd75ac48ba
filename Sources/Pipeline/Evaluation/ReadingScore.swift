import Corpus
import Inference
import JSON

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
  /// Letters at or above the threshold for underdots, and how many of them are wrong.
  public private(set) var plain = 0
  public private(set) var plainWrong = 0
  private var letterBins = Calibration()
  private var lineBins = Calibration()
  private let threshold: Double

  public init(threshold: Double) { self.threshold = threshold }

  public var rate: Double { letters == 0 ? 0 : Double(errors) / Double(letters) }
  public var letterCalibration: Double { letterBins.error }
  public var lineCalibration: Double { lineBins.error }

  /// Adds one line: what was offered, and what the papyrus says (capitals).
  public mutating func add(_ candidates: [Candidate], truth: String) {
    let wanted = Array(truth)
    let best = candidates.first
    let alignment = LetterAlignment(read: Array(best?.text ?? ""), truth: wanted)
    lines += 1
    letters += wanted.count
    errors += alignment.errors
    if (best?.text ?? "") == truth { first += 1 }
    if candidates.prefix(5).contains(where: { $0.text == truth }) || (candidates.isEmpty && truth.isEmpty) {
      amongFive += 1
    }
    guard let best else { return }
    lineBins.add(best.probability, right: alignment.errors == 0)
    for (letter, right) in zip(best.letters, alignment.isRight) {
      letterBins.add(letter.probability, right: right)
      if letter.probability >= threshold {
        plain += 1
        plainWrong += right ? 0 : 1
      }
    }
  }

  public var json: JSONValue {
    func short(_ value: Double) -> JSONValue { .double((value * 10000).rounded() / 10000) }
    return .object([
      "lines": .int(lines), "letters": .int(letters), "errors": .int(errors), "ler": short(rate),
      "firstRight": short(lines == 0 ? 0 : Double(first) / Double(lines)),
      "amongFive": short(lines == 0 ? 0 : Double(amongFive) / Double(lines)),
      "letterCalibrationError": short(letterCalibration), "lineCalibrationError": short(lineCalibration),
      "undotted": .int(plain), "undottedWrong": short(plain == 0 ? 0 : Double(plainWrong) / Double(plain)),
    ])
  }
}
