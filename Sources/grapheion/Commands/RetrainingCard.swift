import Inference
import Platform
import Text
import Training

/// What a retrained model was made from and how it reads: the page that lies beside it.
struct RetrainingCard {
  let name: String
  let file: String
  let parent: String
  let parentFile: String
  let settings: TrainingPlan
  let lessons: [CorrectedLines]
  let outcome: Retraining.Outcome
  let taught: TaughtLetters
  /// The letter model that it names.
  let letters: String?

  private func percent(_ errors: LetterErrors) -> String {
    errors.letters == 0 ? "-" : (100 * errors.rate).fixed(1) + "%"
  }

  /// Before and after, for the terminal.
  func figures() -> [String] {
    let (before, after) = (outcome.measures[0], outcome.chosen)
    return [
      "corrected hands, lines kept apart   \(percent(before.kept)) -> \(percent(after.kept)) of \(before.kept.letters) letters wrong",
      "other hands, drawn                  \(percent(before.others)) -> \(percent(after.others)) of \(before.others.letters)",
      "step \(outcome.step), \((100 * after.share).fixed(0))% of the new weights in the mean",
    ]
      + read.map { name, figures in
        "\(name): \(percent(figures.kept)) of \(figures.kept.letters); other hands \(percent(figures.others)) of \(figures.others.letters)"
      }
  }

  /// How the whole program reads, step by step.
  private var read: [(name: String, figures: TaughtLetters.Figures)] {
    [("as read before", taught.before), ("with the new weights", taught.byWeights)]
      + (taught.byLetters.map {
        [("with what the corrected lines say" + (taught.letters == nil ? " (not taken)" : ""), $0)]
      } ?? [])
  }

  func text() throws -> String {
    var text = """
      # \(displayText(name))

      \(displayText(parent)), taught the hands of \(lessons.reduce(0) { $0 + $1.count }) corrected lines.

      | | |
      |---|---|
      | file | `\(displayText(Files.name(file)))`, SHA-256 `\(try SHA256.hash(file: file))` |
      | made from | `\(displayText(parent))`, SHA-256 `\(try SHA256.hash(file: parentFile))` |
      | made | \(Clock.iso8601(Clock.now())) |
      | settings | seed \(settings.seed), \(settings.linesPerStep) lines a step, rate \(settings.descent.rate), dropout \(settings.dropout) |
      | letter model | \(letters.map { "`\(displayText($0))`" } ?? "none")\(taught.letters == nil ? "" : ": the one before, taught what the corrected lines say") |
      | weights | those after step \(outcome.step), \((100 * outcome.chosen.share).fixed(0))% of them in the mean with those before |

      ## Data

      """
    for lines in lessons {
      let rights = lines.rights.isEmpty ? "none stated" : lines.rights.map(displayText).joined(separator: "; ")
      text +=
        "- \(displayText(lines.name)): \(lines.count) lines of \(lines.fragments) fragments, \(lines.kept.count) of them kept apart; "
        + "lines and texts SHA-256 `\(lines.digest)`; rights of the photographs: \(rights)\n"
    }
    text += """
      - lines drawn by Scribe, so that other hands are not forgotten

      ## Figures
      Letters wrong, read by the network alone, and nats a letter. The share of the new weights was chosen by these very lines: for a figure that owes them
      nothing measure with `grapheion evaluate` on lines neither model has seen.

      | share of the new weights | corrected hands, \(outcome.chosen.kept.lines) lines kept apart | other hands, \(outcome.chosen.others.lines) drawn lines |
      |---|---|---|

      """
    for measure in outcome.measures {
      let mark = measure.share == outcome.chosen.share ? "**" : ""
      text +=
        "| \(mark)\((100 * measure.share).fixed(0))%\(mark) | \(percent(measure.kept)), \(measure.kept.loss.fixed(3)) | "
        + "\(percent(measure.others)), \(measure.others.loss.fixed(3)) |\n"
    }
    text += """

      As the program reads, with all looks and the letter model:

      | | corrected hands | other hands: lines kept apart of further corpora, and 50 drawn ones |
      |---|---|---|

      """
    for (name, figures) in read {
      text += "| \(name) | \(percent(figures.kept)) | \(percent(figures.others)) |\n"
    }
    return text
  }
}
