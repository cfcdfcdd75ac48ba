import Inference
import JSON
import Pipeline
import Text

extension Evaluation {
  /// The figures, in words or as JSON.
  func print(asJSON: Bool) {
    if asJSON {
      guard case .object(var members) = score.json else { return }
      members.insert(JSONValue.Member("model", .string(reader.model)), at: 0)
      if let layout {
        members.append(JSONValue.Member("lineF1", .double((layout.f1 * 10000).rounded() / 10000)))
        members.append(JSONValue.Member("linesMet", .int(layout.matched)))
        members.append(JSONValue.Member("linesFound", .int(layout.found)))
        members.append(JSONValue.Member("linesTrue", .int(layout.truth)))
      }
      members.append(JSONValue.Member("linesLeftOut", .int(leftOut.count)))
      if let met { members.append(JSONValue.Member("met", met.json)) }
      members += report.members
      if let comparison {
        members.append(JSONValue.Member("against", .string(comparison.model)))
        members.append(JSONValue.Member("comparison", comparison.1.json))
      }
      Console.print(JSONValue.object(members).text)
      return
    }
    func percent(_ part: Int, _ whole: Int) -> String {
      whole == 0 ? "-" : "\((Double(part) / Double(whole) * 1000).rounded() / 10)%"
    }
    Console.print("model                      \(reader.model)")
    if let layout {
      Console.print(
        "lines found                F1 \((layout.f1 * 1000).rounded() / 1000): \(layout.matched) of \(layout.truth) lines met, \(layout.found) found"
      )
    }
    if score.letters == 0 {
      Console.print("letters read, none written \(score.errors) in \(score.lines) lines")
    } else {
      Console.print(
        "letter error rate          \(percent(score.errors, score.letters)) ± \((score.interval * 1000).rounded() / 10) of \(score.letters) letters in \(score.lines) lines"
      )
    }
    if let met, met.letters > 0 {
      Console.print(
        "  on lines that were met   \(percent(met.errors, met.letters)) of \(met.letters) letters in \(met.lines) lines"
      )
    }
    let words = report.wordErrors
    if words.of > 0 {
      Console.print("word error rate            \(percent(words.errors, words.of)) of \(words.of) words")
    }
    if let (model, comparison) = comparison {
      func signed(_ value: Double) -> String { "\(value > 0 ? "+" : "")\((value * 1000).rounded() / 10)" }
      let verdict = comparison.isBetter ? "better" : comparison.isWorse ? "worse" : "no different beyond chance"
      Console.print(
        "against \(model)  \(verdict): \(signed(comparison.difference)) points of letters (\(signed(comparison.low)) to \(signed(comparison.high))), by chance \((comparison.chance * 1000).rounded() / 10)%, \(comparison.fragments) fragments"
      )
    }
    Console.print("first candidate right      \(percent(score.first, score.lines)) of lines")
    Console.print("truth among the first five \(percent(score.amongFive, score.lines)) of lines")
    Console.print(
      "undotted letters wrong     \(percent(score.plain.wrong, score.plain.letters)) of \(score.plain.letters)")
    if score.mended + score.spoilt > 0 {
      Console.print(
        "what the language changed  \(score.mended) letters mended, \(score.spoilt) spoilt that the ink alone had right"
      )
      Console.print(
        "  where the ink objects    \(score.guessed.lines) lines, \(percent(score.guessed.errors, score.guessed.letters)) of \(score.guessed.letters) letters wrong"
      )
    }
    Console.print(
      "calibration error          letters \(worded(score.letterCalibration)), lines \(worded(score.lineCalibration))")
    Console.print("threshold for underdots    letters dotted, letters without a dot that are wrong")
    for plain in score.plainAt {
      let dotted = score.lettersRead - plain.letters
      Console.print(
        "  \(Help.pad("\(plain.threshold)", 24)) \(Help.pad(percent(dotted, score.lettersRead), 16))\(percent(plain.wrong, plain.letters))"
      )
    }
    printGroups()
  }

  /// Worst first, where there is more than one of a kind.
  private func printGroups() {
    for (group, heading) in [("century", "century"), ("hand", "hand"), ("fragment", "fragment")] {
      let rates = report.rates(by: group)
      // Hands tell nothing more where each fragment has one.
      guard rates.count > 1, group != "hand" || rates.count > report.rates(by: "fragment").count else { continue }
      Console.print("by \(heading)")
      for (name, lines, rate) in rates.prefix(40) {
        Console.print(
          "  \(Help.pad(displayText(name), 24)) \(((rate.value ?? 0) * 100).fixed(1))% of \(rate.of) letters in \(lines) lines"
        )
      }
      if rates.count > 40 { Console.print("  and \(rates.count - 40) more, in --json") }
    }
  }

  private func worded(_ calibration: Calibration) -> String {
    func rounded(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
    return "\(rounded(calibration.error)) (\(rounded(calibration.chance)) by chance alone)"
  }
}
