import Corpus
import Leiden
import Pipeline
import Platform
import Texts

/// What `transcribe --words` and `--restore` ask of the known texts, once a fragment is read.
struct TextProposer {
  static let options = [
    Option(
      "--words", nil, "beside each line also how an edition has it, by the words of the known texts (grapheion texts)"),
    Option("--restore", nil, "beside each line with gaps also what may have stood there, with parallels"),
    Arguments.libraryOption,
  ]

  /// The words that hand the choice on to a worker; empty where nothing is asked.
  static func words(_ arguments: Arguments) throws(Failure) -> [String] {
    let asked = ["--words", "--restore"].filter(arguments.has)
    return asked.isEmpty ? [] : asked + ["--library", try arguments.libraryFolder()]
  }

  private let library: TextLibrary
  private let divider: WordDivider?
  private let restorer: Restorer?

  /// Fillings and parallels that are kept of each gap.
  private static let (fillings, parallels) = (5, 2)

  /// nil where nothing is asked. What the library lacks is made, which takes a minute for twenty million letters.
  init?(_ arguments: Arguments, telling: (String) -> Void) throws {
    guard arguments.has("--words") || arguments.has("--restore") else { return nil }
    library = try TextLibrary(at: arguments.libraryFolder())
    divider = arguments.has("--words") ? try library.wordDivider(telling: telling) : nil
    restorer = arguments.has("--restore") ? try library.restorer(weights: library.weights(), telling: telling) : nil
  }

  var proposer: WorkerLoop.Proposer {
    var parts: Set<FragmentProposals.Part> = []
    if divider != nil { parts.insert(.words) }
    if restorer != nil { parts.insert(.restorations) }
    return WorkerLoop.Proposer(parts, by: library.name) { try propose($0) }
  }

  private func propose(_ lines: [(line: String, text: String)]) throws -> [FragmentProposals.Line] {
    var result = lines.map { FragmentProposals.Line(line: $0.line, of: $0.text) }
    if let divider {
      for (number, line) in divider.lines(lines.map(\.text)).enumerated() {
        (result[number].words, result[number].runsOn) = (line.text, line.runsOn)
      }
    }
    if let restorer {
      // Lines are called by their numbers here. Where letters were written on end nobody knows whether a word ends with the line.
      let text = lines.enumerated().map { "\($0 + 1).\($1.text.contains(" ") ? "" : "-") \($1.text)" }
      for number in result.indices { result[number].gaps = [] }
      for gap in TextGap.gaps(of: LeidenText.parse(leiden: text.joined(separator: "\n")).text) {
        guard let number = Int(gap.line), result.indices.contains(number - 1) else { continue }
        let fillings = restorer.fillings(of: gap.gap, limit: Self.fillings).map { proposal in
          FragmentProposals.Filling(
            text: TextLetters.text(proposal.letters), probability: proposal.probability,
            parallels: proposal.parallels.prefix(Self.parallels).compactMap { parallel in
              restorer.quotation(parallel).map { "\($0.line.text) \($0.line.label)" }
            })
        }
        result[number - 1].gaps?.append(FragmentProposals.Gap(letters: gap.gap.letters, fillings: fillings))
      }
    }
    return result
  }
}
