import Corpus
import Text

/// What was looked for in the texts, and what was found.
struct SearchState: Hashable, Sendable {
  /// As it was typed.
  private(set) var text = ""
  private(set) var hits: [SearchHit] = []
  /// Index into `hits`.
  private(set) var current = 0
  /// First hit on the screen.
  var top = 0

  var hit: SearchHit? { hits.indices.contains(current) ? hits[current] : nil }

  mutating func show(_ hits: [SearchHit], of text: String) {
    self = SearchState()
    self.text = text
    self.hits = hits
  }

  mutating func move(by count: Int) { current = max(0, min(hits.count - 1, current + count)) }
}

extension Workspace {
  /// Has the texts searched for what the prompt holds.
  mutating func searchTexts() -> [Effect] {
    promptLine.keep(in: view)
    do throws(PatternError) {
      return [.search(try LetterPattern(prompt))]
    } catch {
      message = .warning("\(error)")
      return []
    }
  }

  mutating func handleFound(_ pattern: LetterPattern, _ result: Result<[SearchHit], any Error>) {
    switch result {
    case .failure(let error): message = .failure("The texts could not be searched: \(Wording.error(error))")
    case .success(let hits):
      search.show(hits, of: pattern.text)
      if hits.isEmpty {
        message = .note("'\(pattern.text)' is in no text.")
      } else {
        views = [.corpus, .found]
      }
    }
  }
}
