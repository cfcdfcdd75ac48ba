import Inference
import Leiden
import Text
import Texts
import Workbench

/// The library of known texts, as the workbench asks it: gaps restored, lines put into words, parallels.
struct LibraryTexts: KnownTexts {
  private let library: TextLibrary
  private let restorer: any GapRestorer
  /// nil where there are no known texts to learn words from.
  private let divider: WordDivider?
  private let places: PlaceTable

  /// Proposals for a gap, ways to write a line, and parallels of a line that are shown at most.
  private static let most = 20
  private static let mostWays = 5

  let name: String

  /// Opens the library; indexes and models that are missing are made, which takes a minute for twenty million letters.
  ///
  /// - Parameter filling: a language model (GGUF) or the address of a server (`http://…`) that fills gaps instead; it needs no known texts.
  init(at folder: String, filling: String?, telling: (String) -> Void) throws {
    library = try TextLibrary(at: folder)
    places = library.places()
    guard let filling else {
      restorer = try library.restorer(weights: library.weights(), telling: telling)
      divider = try library.wordDivider(telling: telling)
      name = "apollo-restorer"
      return
    }
    let isEmpty = library.sources.isEmpty
    let indexes = isEmpty ? [] : try library.indexes(telling: telling)
    divider = isEmpty ? nil : try library.wordDivider(telling: telling)
    if filling.contains("://") {
      // Before anything is sent.
      telling("asking \(displayText(filling)) …")
      let server = try CompletionServer(filling)
      restorer = ServerRestorer(server, indexes: indexes)
      name = displayText("\(server.model) at \(server.address)")
    } else {
      let model = try DecoderModel(path: filling)
      restorer = DecoderRestorer(model, indexes: indexes)
      name = displayText(model.name)
    }
  }

  func answer(_ question: TextQuestion) throws -> [TextOffer] {
    switch question {
    case .restoration(let lacuna):
      let text = LeidenText.parse(leiden: lacuna.text).text
      guard let gap = TextGap.gap(marked: Lacuna.mark, letters: lacuna.letters, in: text) else { return [] }
      return try restorer.fillings(of: gap, limit: Self.most).map { proposal in
        TextOffer(
          text: TextLetters.text(proposal.letters), probability: proposal.probability,
          parallels: proposal.parallels.compactMap { parallel in
            restorer.quotation(parallel).map { place($0.line, quote: $0.quote) }
          })
      }
    case .words(let line, let previous, let next):
      // Without known texts this says how to get some.
      let divider = try divider ?? library.wordDivider()
      return divider.ways(line, after: ink(previous), before: ink(next), limit: Self.mostWays).map {
        TextOffer(text: $0.text, probability: $0.probability)
      }
    case .parallels(let line):
      let pattern = try ParallelPattern(line)
      let indexes = restorer.indexes.isEmpty ? try library.indexes() : restorer.indexes
      return Parallels(indexes).find(pattern, limit: Self.most).compactMap { found in
        let index = indexes[found.index]
        guard let line = index.line(index.line(of: found.letters.lowerBound)) else { return nil }
        let quote = index.quote(found.letters)
        return TextOffer(text: quote, probability: nil, parallels: [place(line, quote: quote)])
      }
    }
  }

  /// The letters that stand on a line, whatever an editor has made of them.
  private func ink(_ line: String) -> String {
    LeidenText.parse(leiden: line).text.physicalLines.map { $0.ink.runs.joined(separator: "[.?]") }.joined()
  }

  private func place(_ line: KnownLine, quote: String) -> TextParallel {
    let known = line.numbers.lazy.compactMap { places.entries[$0] }.first
    return TextParallel(
      text: line.text, line: line.label, date: known?.words ?? "", place: known?.place ?? "", quote: quote)
  }
}
