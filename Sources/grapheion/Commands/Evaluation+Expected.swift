import Corpus
import Exchange
import Pipeline
import Platform
import Text

/// `grapheion evaluate CORPUS --expected`: the quality of readings that nobody has checked.
enum ExpectedQuality {
  static func run(_ corpus: String, asJSON: Bool) throws -> ExitStatus {
    let store = try CorpusStore.open(at: corpus)
    var quality = ExpectedError()
    var leftOut = LeftOut()
    let bar = Progress("evaluate", of: store.fragmentIDs.count)
    for (index, id) in store.fragmentIDs.enumerated() where !Interruption.happened {
      bar.update(index + 1)
      let lines = try store.lines(of: id)
      guard lines.contains(where: { !$0.candidates.isEmpty }) else { continue }
      quality.add(
        id, lines.lazy.filter { !$0.status.isDecided }.compactMap(\.candidates.first),
        groups: Evaluation.groups(of: try store.fragment(id)))
      for line in lines {
        guard let text = line.decidedText, let truth = DiplomaticLetters.of(text), let read = line.candidates.first
        else { continue }
        let strange = DiplomaticLetters.strange(in: text)
        guard strange.isEmpty else {
          leftOut.add(Evaluation.strangeLines, "\(id), line \(line.region.id): \(strange.prefix(40))")
          continue
        }
        quality.check(read, truth: truth.filter { $0 != "." })
      }
    }
    bar.finish()
    if Interruption.happened { return .interrupted }
    if asJSON {
      Console.print(quality.json.text)
    } else {
      print(quality)
    }
    for sentence in leftOut.sentences { Console.note("evaluate: left out: " + displayText(sentence)) }
    return .done
  }

  private static func percent(_ rate: Double?) -> String { rate.map { (100 * $0).fixed(1) + "%" } ?? "-" }

  private static func print(_ quality: ExpectedError) {
    let whole = quality.whole
    Console.print(
      "read and not decided       \(whole.lines) lines, \(whole.letters) letters, \(quality.fragments) fragments")
    Console.print(
      "letters expected wrong     \(percent(whole.rate)), \(Int(whole.wrong.rounded())); letters left out are not in it"
    )
    Console.print("lines probably right       \(whole.probablyRight)")
    if quality.checked.lines > 0 {
      Console.print(
        "checked by decisions       \(percent(quality.checked.rate)) expected, \(percent(quality.measuredRate)) wrong of \(quality.checkedTruth.letters) letters in \(quality.checked.lines) lines"
      )
    } else {
      Console.print("checked by decisions       none: nobody has decided about a line that was read")
    }
    for group in ["century", "place"] {
      let tallies = (quality.groups[group] ?? [:]).sorted {
        ($1.value.rate ?? 0, $0.key) < ($0.value.rate ?? 0, $1.key)
      }
      guard tallies.count > 1 else { continue }
      Console.print("by \(group)")
      for (name, tally) in tallies.prefix(20) {
        Console.print(
          "  \(Help.pad(displayText(name), 24)) \(percent(tally.rate)) of \(tally.letters) letters in \(tally.lines) lines"
        )
      }
    }
    guard quality.worst.count > 1 else { return }
    Console.print("worst fragments")
    for fragment in quality.worst {
      Console.print(
        "  \(Help.pad(displayText(fragment.id), 24)) \(percent(fragment.tally.rate)) of \(fragment.tally.letters) letters in \(fragment.tally.lines) lines"
      )
    }
  }
}
