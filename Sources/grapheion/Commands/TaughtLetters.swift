import Inference
import Pipeline
import Platform
import Raster
import Scribe
import Text
import Training

/// The letter model of a reader that learnt from corrections: what the corrected lines say is likely to be said again in the others (`LetterLessons`).
///
/// It lies beside the new reader under the reader's name. Where other hands are read worse with it than is allowed, or the lines kept apart worse than by
/// chance, the reader keeps the letter model it had.
struct TaughtLetters {
  /// Letters wrong as the whole program reads: network, looks and letter model.
  struct Figures {
    var kept: LetterErrors
    var others: LetterErrors
  }

  /// With the weights and the letter model before; with the new weights; with the new letter model as well, where the reader has one.
  let before, byWeights: Figures
  let byLetters: Figures?
  /// Taught, and in memory alone; nil where the reader keeps what it had.
  let letters: LetterModel?

  init(_ model: ReaderModel, weights: [Float], from lessons: [CorrectedLines], allowance: Double) {
    let drawn = ScribeLines(seed: TrainingData.Check.watching.rawValue)
    let others = lessons.dropFirst().flatMap(\.kept) + (0..<50).map(drawn.line)
    func figures(_ reader: ReaderModel) -> Figures {
      Figures(kept: .read(lessons[0].kept, by: reader), others: .read(others, by: reader))
    }
    before = figures(model)
    byWeights = figures(model.taught(weights, model.letters))
    guard let old = model.letters,
      let taught = old.taught(by: lessons.flatMap(\.texts).map(old.symbols), name: old.name)
    else {
      (byLetters, letters) = (nil, nil)
      return
    }
    let after = figures(model.taught(weights, taught))
    byLetters = after
    // Few lines are kept apart: worse by more than chance it must not be.
    let errors = Double(byWeights.kept.errors)
    let isGood =
      Double(after.kept.errors) <= errors + errors.squareRoot() && after.others.rate <= before.others.rate + allowance
    letters = isGood ? taught : nil
  }
}

extension LetterErrors {
  /// Letters wrong of lines as the whole program reads them.
  static func read(_ lines: [LineSample], by model: ReaderModel) -> LetterErrors {
    let reader = LineReader(model)
    var sum = LetterErrors()
    for line in lines {
      let read = reader.read([(line.strip, line.geometry)])[0].hypotheses.first?.text ?? ""
      let text = Array(line.text.filter { $0 != "." })
      sum.errors += EditDistance.between(Array(read), text)
      sum.letters += text.count
      sum.lines += 1
    }
    return sum
  }
}

extension ReaderModel {
  /// The same reader with other weights and another letter model.
  func taught(_ weights: [Float], _ letters: LetterModel?) -> ReaderModel {
    ReaderModel(name: name, id: id, config: config, weights: weights, tuning: tuning, letters: letters)
  }
}
