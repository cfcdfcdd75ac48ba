import Glibc

/// What a decoder of letters makes of the texts that a line may have, knowing the lines before it. For one thread at a time.
///
/// A letter model sees nine letters and each line by itself; a decoder sees all that was read of the text so far. It is too slow to be asked at each step
/// of a search, and weighs the texts that a search brought up.
public final class LettersInContext {
  private let session: DecoderSession
  private let alphabet: [Character]
  /// The token of each symbol, from symbol 1.
  private let tokens: [Int]
  /// Letters that may stand in a line: what is likely is shared among them alone.
  private let letters: Range<Int>
  /// What was read so far, to be read anew where the context gets too long.
  private var read: [Int] = []

  /// Tokens of a context at most, and those kept of it when it is full.
  private static let most = 192
  private static let kept = 96
  /// Texts of a line that are weighed, and their letters, at most.
  public static let texts = 12
  private static let longest = 300

  /// nil where the decoder does not know letters as tokens.
  public init?(_ model: DecoderModel, alphabet: [Character]) {
    guard model.config.vocabulary == LetterVocabulary.count else { return nil }
    let tokens = alphabet.map { letter -> Int? in
      LetterVocabulary.letters.firstIndex { $0 == letter.lowercased().first }.map { Int(LetterVocabulary.lost) + 1 + $0 }
    }
    guard tokens.allSatisfy({ $0 != nil }) else { return nil }
    self.alphabet = alphabet
    self.tokens = tokens.compactMap { $0 }
    letters = Int(LetterVocabulary.lost) + 1..<LetterVocabulary.count
    session = DecoderSession(
      model, capacity: Self.most + Self.texts * Self.longest, tokensAtOnce: Self.most, workers: 1)
  }

  /// Begins a text.
  public func begin() { read = [Int(LetterVocabulary.beginning)] }

  /// Adds a line to what was read: symbols, nil for a letter that is lost or too doubtful to build on.
  public func add(line: [Int?]) {
    read += line.map { $0.map { tokens[$0 - 1] } ?? Int(LetterVocabulary.lost) } + [Int(LetterVocabulary.lineEnd)]
    if read.count > Self.most { read.removeFirst(read.count - Self.kept) }
  }

  /// The natural logarithm of how likely each text comes next.
  ///
  /// - Complexity: a pass for each letter of the longest, of as many tokens as there are different beginnings.
  public func weigh(_ texts: [[Int]]) throws(ModelError) -> [Float] {
    session.rewind(to: 0)
    try session.read(read)
    var sums = [Float](repeating: 0, count: texts.count)
    // Where each text stands: which branch its last token is.
    var places = [Int?](repeating: nil, count: texts.count)
    var rows = [Int](repeating: 0, count: texts.count)
    for step in 0..<min(Self.longest, texts.map(\.count).max() ?? 0) {
      var branches: [(parent: Int?, token: Int)] = []
      var chosen = [Int?](repeating: nil, count: texts.count)
      for (number, text) in texts.enumerated() where step < text.count {
        let token = tokens[text[step] - 1]
        sums[number] += session.withLogits(rows[number]) { logits in
          let known = UnsafeBufferPointer(rebasing: logits[letters])
          return logits[token] - logSum(known)
        }
        chosen[number] =
          branches.firstIndex { $0.parent == places[number] && $0.token == token } ?? {
            branches.append((places[number], token))
            return branches.count - 1
          }()
      }
      let made = try session.branch(branches.map(\.token), after: branches.map(\.parent))
      for number in texts.indices {
        guard let branch = chosen[number] else { continue }
        (places[number], rows[number]) = (made[branch], branch)
      }
    }
    return sums
  }

  private func logSum(_ logits: UnsafeBufferPointer<Float>) -> Float {
    let top = logits.max() ?? 0
    return top + logf(logits.reduce(0) { $0 + expf($1 - top) })
  }
}
