import Inference
import Platform

/// What is counted of a library for the restorer: how letters follow each other forwards and backwards, without word spaces and with them.
public struct RestorationModels: Sendable {
  /// Letters alone; the backward model reads texts from their ends.
  let forward, backward: LetterModel
  /// Letters and word spaces.
  let wordsForward, wordsBackward: LetterModel
  /// Whole words.
  let words: WordModel

  static let names = ["letters-forward", "letters-backward", "words-forward", "words-backward"]

  init(folder: String) throws {
    var models: [LetterModel] = []
    for name in Self.names { models.append(try LetterModel.load(path: "\(folder)/\(name).gguf")) }
    forward = models[0]
    backward = models[1]
    wordsForward = models[2]
    wordsBackward = models[3]
    words = try WordModel(path: Self.words(in: folder))
    // Each was made of arrays half as large as itself.
    Memory.giveBack()
  }

  private static func words(in folder: String) -> String { folder + "/edited.words" }

  /// What the models in a folder were counted of; nil where they are not all there.
  static func stamp(in folder: String) -> String? {
    let stamps = names.map { name in (try? GGUFFile(path: "\(folder)/\(name).gguf"))?.string("training.data") }
    guard let words = try? WordModel(path: words(in: folder)).stamp else { return nil }
    return stamps.allSatisfy { $0 == words } ? words : nil
  }

  /// Counts the texts of all indexes, over line ends, and writes the four models.
  ///
  /// - Complexity: about 12 s and 1 GB for each model of 20 million letters.
  static func write(_ indexes: [TextIndex], to folder: String, stamp: String) throws {
    try WordCounts.edited(indexes).write(to: words(in: folder), stamp: stamp)
    let spaced = TextLetters.alphabet + [" "]
    for (number, name) in names.enumerated() {
      let hasSpaces = number >= 2
      var texts = indexes.flatMap { letters(of: $0, spaces: hasSpaces) }
      if number % 2 == 1 { for index in texts.indices { texts[index].reverse() } }
      try LetterTraining.write(
        texts, order: hasSpaces ? 10 : 9, alphabet: hasSpaces ? spaced : TextLetters.alphabet,
        to: "\(folder)/\(name).gguf", name: name, notes: [("training.data", stamp)])
    }
  }

  private static func letters(of index: TextIndex, spaces: Bool) -> [[UInt8]] {
    (0..<index.textCount).map { text in
      let lines = index.lines(ofText: text)
      var result: [UInt8] = []
      for line in lines {
        for place in index.letters(ofLine: line) {
          let letter = index.letter(place)
          if spaces, letter & TextLetters.wordStart != 0, let last = result.last, last != 0 {
            result.append(TextLetters.space)
          }
          result.append(letter & TextLetters.mask)
        }
      }
      return result
    }
  }
}
