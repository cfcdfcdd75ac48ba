import Leiden
import Texts
import Workbench

/// The library of known texts, as the workbench asks it: gaps restored, lines put into words, parallels.
struct LibraryTexts: KnownTexts {
  private let restorer: Restorer
  private let divider: WordDivider
  private let places: PlaceTable

  /// Proposals for a gap, ways to write a line, and parallels of a line that are shown at most.
  private static let most = 20
  private static let mostWays = 5

  var name: String { "apollo-restorer" }

  /// Opens the library; indexes and models that are missing are made, which takes a minute for twenty million letters.
  init(at folder: String, telling: (String) -> Void) throws {
    let library = try TextLibrary(at: folder)
    restorer = try library.restorer(weights: library.weights(), telling: telling)
    divider = try library.wordDivider(telling: telling)
    places = library.places()
  }

  func answer(_ question: TextQuestion) throws -> [TextOffer] {
    switch question {
    case .restoration(let lacuna):
      let text = LeidenText.parse(leiden: lacuna.text).text
      guard let gap = TextGap.gap(marked: Lacuna.mark, letters: lacuna.letters, in: text) else { return [] }
      return restorer.proposals(for: gap, limit: Self.most).map { proposal in
        TextOffer(
          text: TextLetters.text(proposal.letters), probability: proposal.probability,
          parallels: proposal.parallels.compactMap { parallel in
            restorer.quotation(parallel).map { place($0.line, quote: $0.quote) }
          })
      }
    case .words(let line):
      return divider.ways(line, limit: Self.mostWays).map { TextOffer(text: $0.text, probability: $0.probability) }
    case .parallels(let line):
      let pattern = try ParallelPattern(line)
      return Parallels(restorer.indexes).find(pattern, limit: Self.most).compactMap { found in
        let index = restorer.indexes[found.index]
        guard let line = index.line(index.line(of: found.letters.lowerBound)) else { return nil }
        let quote = index.quote(found.letters)
        return TextOffer(text: quote, probability: nil, parallels: [place(line, quote: quote)])
      }
    }
  }

  private func place(_ line: KnownLine, quote: String) -> TextParallel {
    let known = line.numbers.lazy.compactMap { places.entries[$0] }.first
    return TextParallel(
      text: line.text, line: line.label, date: known?.words ?? "", place: known?.place ?? "", quote: quote)
  }
}
