import Text

/// Runs of letters counted, and the letter model that follows from them: modified Kneser-Ney smoothing, interpolated (Chen & Goodman 1999).
///
/// Counts of all orders but the highest are counts of *different* letters before a run; a run at the beginning of a text has none before it
/// and keeps its plain count (Heafield et al. 2013). Runs that are rarer than `least` says are left out, and what they were worth
/// goes to the shorter ones. Memory: 24 bytes for each different run of the order at work, about 1 GB for 15 million letters at order 9.
struct LetterCounts {
  /// Symbols of a run at most: a key has room for no more.
  static let longest = 12
  /// Runs of `order` symbols at most.
  let order: Int
  /// How often a run of n + 1 symbols must occur to be kept. Never falling, so that with a run its beginning and its end are kept.
  let least: [Int]
  private let alphabet: [Character]
  /// Symbols of all texts: 0 where one begins or breaks, letters from 1.
  private let symbols: [UInt8]

  /// Different runs of one length, ascending. A key has five bits a symbol, the first symbol highest.
  struct Runs {
    var keys: [UInt64] = []
    var raw: [UInt32] = []
    fileprivate var adjusted: [UInt32] = []

    /// The first run whose key is not below this one.
    func place(of key: UInt64) -> Int {
      var (low, high) = (0, keys.count)
      while low < high {
        let middle = (low + high) / 2
        if keys[middle] < key { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// - Parameter texts: lines in symbols: 0 where a line breaks off, letters from 1.
  init(_ texts: some Sequence<[UInt8]>, order: Int, least: [Int], alphabet: [Character]) {
    precondition(
      (2...Self.longest).contains(order) && least.count == order && zip(least, least.dropFirst()).allSatisfy(<=))
    symbols = Self.joined(texts)
    self.order = order
    self.least = least
    self.alphabet = alphabet
  }

  /// Lines one after the other, with one break before each and behind the last.
  static func joined(_ texts: some Sequence<[UInt8]>) -> [UInt8] {
    var symbols: [UInt8] = [0]
    for text in texts {
      for symbol in text where symbol != 0 || symbols.last != 0 { symbols.append(symbol) }
      if symbols.last != 0 { symbols.append(0) }
    }
    return symbols
  }

  /// Every run of `length` symbols with how often it occurs. Only its first symbol may be a break.
  static func runs(_ length: Int, in symbols: [UInt8]) -> Runs {
    var windows: [UInt64] = []
    windows.reserveCapacity(symbols.count)
    let mask = UInt64(1) << UInt64(5 * length) - 1
    var key: UInt64 = 0
    // Symbols since the last break, that one counted.
    var whole = 0
    for symbol in symbols {
      if symbol == 0 {
        (key, whole) = (0, 1)
        continue
      }
      key = (key << 5 | UInt64(symbol)) & mask
      whole += 1
      if whole >= length { windows.append(key) }
    }
    windows.sortByRadix(bits: 5 * length)
    var runs = Runs()
    for window in windows {
      if runs.keys.last == window {
        runs.raw[runs.raw.count - 1] += 1
      } else {
        runs.keys.append(window)
        runs.raw.append(1)
      }
    }
    runs.adjusted = runs.raw
    return runs
  }

  /// Makes the counts of the runs of `length` counts of what stands before them.
  private func adjust(_ runs: inout Runs, _ length: Int, longer: [UInt64]) {
    let mask = UInt64(1) << UInt64(5 * length) - 1
    var ends = longer.map { $0 & mask }
    ends.sortByRadix(bits: 5 * length)
    var at = 0
    for index in runs.keys.indices {
      let key = runs.keys[index]
      // A run that begins with a break: nothing stands before it.
      if key >> UInt64(5 * (length - 1)) == 0 { continue }
      while at < ends.count, ends[at] < key { at += 1 }
      var count: UInt32 = 0
      while at < ends.count, ends[at] == key {
        count += 1
        at += 1
      }
      runs.adjusted[index] = max(1, count)
    }
  }

  /// The levels of the model.
  func levels() -> [LetterModel.Level] {
    var levels = [LetterModel.Level](repeating: LetterModel.Level(), count: order)
    // What is kept of the runs one shorter, and how likely their last letter is.
    var contexts: [UInt64] = []
    var likely: [Double] = []
    var now = Self.runs(1, in: symbols)
    for length in 1...order {
      let after = length < order ? Self.runs(length + 1, in: symbols) : Runs()
      if length < order { adjust(&now, length, longer: after.keys) }
      let kept = length == 1 ? first(now, &levels[0]) : later(now, length, contexts, likely, &levels[length - 1])
      (contexts, likely) = kept
      if contexts.isEmpty { return Array(levels.prefix(length - 1)) }
      now = after
    }
    return levels
  }

  private func first(_ runs: Runs, _ level: inout LetterModel.Level) -> ([UInt64], [Double]) {
    let discount = Discount(runs.adjusted)
    let total = Double(runs.adjusted.reduce(0) { $0 + Int($1) })
    var likely = [Double](repeating: 0, count: alphabet.count + 1)
    var left = 1.0
    for (key, count) in zip(runs.keys, runs.adjusted) {
      let share = discount.left(count) / total
      likely[Int(key)] = share
      left -= share
    }
    for symbol in 1...alphabet.count { likely[symbol] += left / Double(alphabet.count) }
    level.masks = [UInt32(1) << UInt32(alphabet.count + 1) - 1]
    level.backoffs = [0]
    level.probabilities = likely.enumerated().map { $0 == 0 ? -127 : LetterModel.logarithm($1) }
    return ((0...UInt64(alphabet.count)).map { $0 }, likely)
  }

  /// The runs of one length that are kept, below their contexts.
  private func later(
    _ runs: Runs, _ length: Int, _ contexts: [UInt64], _ likely: [Double], _ level: inout LetterModel.Level
  ) -> ([UInt64], [Double]) {
    let discount = Discount(runs.adjusted)
    let mask = UInt64(1) << UInt64(5 * (length - 1)) - 1
    let least = UInt32(least[length - 1])
    var kept: [UInt64] = []
    var keptLikely: [Double] = []
    var start = 0
    for context in contexts {
      while start < runs.keys.count, runs.keys[start] >> 5 < context { start += 1 }
      var end = start
      var total = 0
      var listed = 0.0
      while end < runs.keys.count, runs.keys[end] >> 5 == context {
        total += Int(runs.adjusted[end])
        if runs.raw[end] >= least { listed += discount.left(runs.adjusted[end]) }
        end += 1
      }
      var symbols: UInt32 = 0
      let left = total == 0 ? 1 : 1 - listed / Double(total)
      for index in start..<end where runs.raw[index] >= least {
        let key = runs.keys[index]
        symbols |= 1 << UInt32(key & 31)
        let shorter = Self.place(of: key & mask, in: contexts)
        let probability = discount.left(runs.adjusted[index]) / Double(total) + left * likely[shorter]
        kept.append(key)
        keptLikely.append(probability)
        level.probabilities.append(LetterModel.logarithm(probability))
      }
      level.masks.append(symbols)
      level.backoffs.append(symbols == 0 ? 0 : LetterModel.logarithm(left))
      start = end
    }
    return (kept, keptLikely)
  }

  /// Where a key stands in ascending ones that have it.
  private static func place(of key: UInt64, in keys: [UInt64]) -> Int {
    var (low, high) = (0, keys.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// What is taken from counts of one, two, and three or more.
  private struct Discount {
    private let taken: [Double]

    init(_ counts: [UInt32]) {
      var of = [Double](repeating: 0, count: 5)
      for count in counts where count <= 4 { of[Int(count)] += 1 }
      guard of[1] > 0, of[2] > 0, of[3] > 0 else {
        // Too few runs to estimate from.
        taken = [0, 0.5, 1, 1.5]
        return
      }
      let y = of[1] / (of[1] + 2 * of[2])
      var taken = [0.0]
      for n in 1...3 {
        let amount = Double(n) - Double(n + 1) * y * of[n + 1] / of[n]
        taken.append(min(Double(n) - 0.05, max(0.05, amount)))
      }
      self.taken = taken
    }

    func left(_ count: UInt32) -> Double { Double(count) - taken[Int(min(3, count))] }
  }
}

/// Learns letter models.
public enum LetterTraining {
  /// Counts `texts` and writes the model to `path`.
  ///
  /// - Parameters:
  ///   - texts: lines in symbols: 0 where a line breaks off, letters of `alphabet` from 1.
  ///   - order: letters a run spans at most, 2 to 12.
  public static func write(
    _ texts: some Sequence<[UInt8]>, order: Int, alphabet: [Character] = Greek.capitals, to path: String,
    name: String, notes: [(String, String)] = []
  ) throws(ModelError) {
    let least = (1...order).map { $0 <= 4 ? 1 : $0 <= 6 ? 2 : 3 }
    let levels = LetterCounts(texts, order: order, least: least, alphabet: alphabet).levels()
    guard levels.count >= 2 else { throw ModelError(.damaged, path: path, "there is too little text to learn from") }
    try LetterModel.save(to: path, name: name, alphabet: alphabet, levels: levels, notes: notes)
  }

  /// The same, kept in memory alone; nil where there is too little text to learn from. Runs of up to four letters are all kept, longer ones that occur twice.
  public static func model(
    _ texts: some Sequence<[UInt8]>, order: Int, alphabet: [Character], name: String
  ) -> LetterModel? {
    let least = (1...order).map { $0 <= 4 ? 1 : 2 }
    let levels = LetterCounts(texts, order: order, least: least, alphabet: alphabet).levels()
    return LetterModel(name: name, id: name, alphabet: alphabet, levels: levels)
  }
}
