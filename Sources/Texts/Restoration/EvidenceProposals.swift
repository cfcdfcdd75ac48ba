import Glibc
import Inference

extension EvidenceSearch {
  /// What a language model found as proposals: fillings of the same letters, however divided into words, count together, and probabilities are
  /// shares among what was found.
  func proposals(_ found: [(letters: [UInt8], weight: Float)], _ gap: Gap, limit: Int) -> [Restorer.Proposal] {
    var weights: [[UInt8]: Float] = [:]
    for filling in found {
      let letters = filling.letters.map { $0 & TextLetters.mask }
      weights[letters] = weights[letters].map { logAdd($0, filling.weight) } ?? filling.weight
    }
    let ranked = weights.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key)
    }
    let sum = ranked.reduce(-Float.infinity) { logAdd($0, $1.value) }
    let best = ranked.prefix(limit)
    var parallels: [[UInt8]: [Restorer.Parallel]] = [:]
    if !indexes.isEmpty {
      for count in Set(best.map(\.key.count)) {
        let wanted = Set(best.map(\.key).filter { $0.count == count })
        parallels.merge(self.parallels(places(for: gap, count: count), of: wanted, gap, count)) { $1 }
      }
    }
    return best.map { letters, weight in
      Restorer.Proposal(
        letters: letters, probability: Double(expf(weight - sum)), parallels: parallels[letters] ?? [])
    }
  }
}

extension Gap {
  /// The same gap with as few lengths as are tried.
  var boundedLengths: Gap {
    var gap = self
    gap.letters = letters.lowerBound...min(letters.upperBound, letters.lowerBound + Restorer.lengthLimit - 1)
    return gap
  }

  /// The text before the gap, its last space left out: language models have words whose first letter is the space.
  func textBefore(_ letters: Int) -> String { TextLetters.text(before.suffix(letters)) }

  func textBehind(_ letters: Int) -> String {
    let letters = after.prefix(letters)
    let beginsWord = letters.first.map { $0 & TextLetters.wordStart != 0 } ?? false
    return (beginsWord ? " " : "") + TextLetters.text(letters)
  }
}
