import Glibc
import Platform

/// Counts the words of texts and which follow which, for a `WordModel`.
struct WordCounts {
  private struct WordForm: Hashable {
    var letters: [UInt8]
    var form: [UInt8]
  }

  private var numbers: [WordForm: Int32] = [:]
  private var words: [WordForm] = []
  private var counts: [UInt32] = []
  /// Words one after the other; -1 where it is not known what stood between two.
  private var sequence: [Int32] = []

  /// Pairs that occur less often are left out.
  private static let leastPair = 2
  /// Words that occur less often are all one for what stands before and behind them.
  private static let leastCount = 2

  /// The number of a word; nil for one without letters or with too many.
  mutating func number(_ letters: [UInt8], form: [UInt8] = []) -> Int32? {
    guard (1...WordModel.longest).contains(letters.count), form.count < 1000 else { return nil }
    let word = WordForm(letters: letters, form: form)
    if let number = numbers[word] { return number }
    let number = Int32(words.count)
    numbers[word] = number
    words.append(word)
    counts.append(0)
    return number
  }

  /// The next word of a text.
  mutating func append(_ number: Int32) {
    counts[Int(number)] += 1
    sequence.append(number)
  }

  /// A loss, or the end of a text.
  mutating func breakOff() {
    if sequence.last != -1 { sequence.append(-1) }
  }

  /// What is taken from each count, for what did not occur: of those that occur once and twice (Ney et al. 1994).
  private static func discount(_ counts: some Sequence<UInt32>) -> Double {
    var (once, twice) = (0.0, 0.0)
    for count in counts {
      if count == 1 { once += 1 } else if count == 2 { twice += 1 }
    }
    return once + twice > 0 ? max(0.1, min(0.95, once / (once + 2 * twice))) : 0.5
  }

  /// Writes the model, whole or not at all.
  ///
  /// - Complexity: about 3 s for 4 million words.
  func write(to path: String, stamp: String) throws(SystemError) {
    let order = words.indices.sorted {
      words[$0].letters != words[$1].letters
        ? words[$0].letters.lexicographicallyPrecedes(words[$1].letters)
        : counts[$0] != counts[$1] ? counts[$0] > counts[$1] : words[$0].form.lexicographicallyPrecedes(words[$1].form)
    }
    var place = [Int32](repeating: 0, count: words.count)
    for (at, number) in order.enumerated() { place[number] = Int32(at) }
    let total = max(1, counts.reduce(0.0) { $0 + Double($1) })
    let taken = Self.discount(counts)
    let likely = order.map { Float(log((Double(counts[$0]) - taken) / total)) }
    let unknown = Float(log(max(1e-9, taken * Double(words.count) / total)))
    let pairs = pairs(place.enumerated().map { counts[$0] < Self.leastCount ? Int32(words.count) : $1 })

    var slots = 16
    while slots < 2 * words.count { slots *= 2 }
    var table = [UInt32](repeating: 0, count: slots)
    var letterStarts: [UInt32] = [0]
    var formStarts: [UInt32] = [0]
    var letters: [UInt8] = []
    var forms: [UInt8] = []
    for (at, number) in order.enumerated() {
      let word = words[number]
      if at == 0 || words[order[at - 1]].letters != word.letters {
        var hash = WordModel.Hash()
        for letter in word.letters { hash.add(letter) }
        var slot = WordModel.slot(hash, slots)
        while table[slot] != 0 { slot = (slot + 1) & (slots - 1) }
        table[slot] = UInt32(at + 1)
      }
      letters += word.letters
      forms += word.form
      letterStarts.append(UInt32(letters.count))
      formStarts.append(UInt32(forms.count))
    }
    let ends = order.indices.sorted {
      let (one, other) = (words[order[$0]].letters, words[order[$1]].letters)
      return one != other ? one.reversed().lexicographicallyPrecedes(other.reversed()) : $0 < $1
    }.map { UInt32($0) }

    let file = try ReplacementFile(path: path)
    func write<T>(_ numbers: [T]) throws(SystemError) { try file.write(numbers.withUnsafeBytes { Array($0) }) }
    let told = Array(stamp.utf8)
    try file.write(WordModel.magic)
    try write([
      UInt32(words.count), UInt32(pairs.words.count), UInt32(letters.count), UInt32(forms.count), UInt32(slots),
    ])
    try write([unknown])
    try write([UInt32(told.count), 0])
    try write(letterStarts)
    try write(formStarts)
    try write(likely)
    try write(pairs.left)
    try write(pairs.starts)
    try write(pairs.words)
    try write(pairs.logs)
    try write(ends)
    try write(table)
    try file.write(letters)
    try file.write(forms)
    try file.write(told)
    try file.commit()
  }

  private struct Pairs {
    var starts: [UInt32] = [0]
    var words: [UInt32] = []
    var logs: [Float] = []
    var left: [Float] = []
  }

  /// - Parameter place: of each word, in the order of the model; the number of words for those that are all one.
  private func pairs(_ place: [Int32]) -> Pairs {
    var keys: [UInt64] = []
    keys.reserveCapacity(sequence.count)
    for (first, second) in zip(sequence, sequence.dropFirst()) where first >= 0 && second >= 0 {
      keys.append(UInt64(place[Int(first)]) << 32 | UInt64(place[Int(second)]))
    }
    keys.sort()
    var runs: [(key: UInt64, count: UInt32)] = []
    for key in keys {
      if runs.last?.key == key { runs[runs.count - 1].count += 1 } else { runs.append((key, 1)) }
    }
    let taken = Self.discount(runs.lazy.map(\.count))
    var pairs = Pairs()
    var at = 0
    for word in 0...words.count {
      let start = at
      while at < runs.count, runs[at].key >> 32 == UInt64(word) { at += 1 }
      let total = max(1, runs[start..<at].reduce(0.0) { $0 + Double($1.count) })
      var left = 1.0
      for run in runs[start..<at] where run.count >= Self.leastPair {
        let share = (Double(run.count) - taken) / total
        pairs.words.append(UInt32(run.key & 0xFFFF_FFFF))
        pairs.logs.append(Float(log(share)))
        left -= share
      }
      pairs.left.append(Float(log(max(1e-6, left))))
      pairs.starts.append(UInt32(pairs.words.count))
    }
    return pairs
  }
}

extension WordCounts {
  /// Counts the words of indexes, restorations and resolutions taken in, as letters without accents.
  static func edited(_ indexes: [TextIndex]) -> WordCounts {
    var counts = WordCounts()
    for index in indexes {
      for text in 0..<index.textCount {
        var word: [UInt8] = []
        var isWhole = true
        func end() {
          if !word.isEmpty, isWhole, let number = counts.number(word) {
            counts.append(number)
          } else if !word.isEmpty || !isWhole {
            counts.breakOff()
          }
          word.removeAll(keepingCapacity: true)
          isWhole = true
        }
        for line in index.lines(ofText: text) {
          for place in index.letters(ofLine: line) {
            let letter = index.letter(place)
            if letter & TextLetters.wordStart != 0 { end() }
            if letter & TextLetters.mask == 0 { isWhole = false } else { word.append(letter & TextLetters.mask) }
          }
        }
        end()
        counts.breakOff()
      }
    }
    return counts
  }
}
