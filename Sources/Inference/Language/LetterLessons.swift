import Glibc

/// A letter model that has learnt from a few texts besides: those of one hand, one archive, one collection, which say the same things again and again.
///
/// Counts of the texts are mixed into what the model said, run by run from short ones to long ones (a Dirichlet prior about the model's own
/// chances; MacKay & Peto 1995): p = (count of the letter + doubt · p) / (count of the run + doubt). Only runs that the texts have are changed, so that the
/// model tells other texts nearly as before, and what comes out is a model of the same kind and the same speed.
struct LetterLessons {
  private let model: LetterModel
  /// `runs[n]`: the runs of n symbols that the texts have; none for 0.
  private let runs: [LetterCounts.Runs]

  /// How many letters behind a run of so many symbols weigh as much as what was said before. A long run that occurred once says more than a short one
  /// that did.
  ///
  /// Chosen by how well a text's first half tells its second (`grapheion bench language`).
  private static let doubts: [Double] = [4000, 400, 60, 20, 8, 6]
  private static func doubt(_ length: Int) -> Double { doubts[min(length, doubts.count - 1)] }

  /// - Parameter texts: lines in symbols: 0 where a line breaks off, letters of the model's alphabet from 1.
  ///
  /// nil where the model's runs are longer than a key has room for.
  init?(_ model: LetterModel, _ texts: some Sequence<[UInt8]>) {
    guard model.order <= LetterCounts.longest else { return nil }
    self.model = model
    let symbols = LetterCounts.joined(texts)
    runs = [LetterCounts.Runs()] + (1...model.order).map { LetterCounts.runs($0, in: symbols) }
  }

  /// A context of the new model.
  private struct Context {
    var key: UInt64
    /// The same context of the old one, where it has it.
    var old: Int?
    /// The longest end of it that the old one knows.
    var state: LetterModel.Context
  }

  func levels() -> [LetterModel.Level] {
    var levels: [LetterModel.Level] = []
    var contexts = [Context(key: 0, old: 0, state: 0)]
    for length in 0..<model.order {
      var level = LetterModel.Level()
      var longer: [Context] = []
      let own = runs[length + 1].keys
      var start = 0
      for context in contexts {
        while start < own.count, own[start] >> 5 < context.key { start += 1 }
        var end = start
        var mask = context.old.map(model.listed) ?? 0
        while end < own.count, own[end] >> 5 == context.key {
          mask |= 1 << UInt32(own[end] & 31)
          end += 1
        }
        if start == end, let old = context.old {
          level.backoffs.append(model.backoff(of: old))
          level.probabilities += model.probabilities(of: old)
        } else {
          add(mask, after: context, length, to: &level)
        }
        level.masks.append(mask)
        start = end
        guard length + 1 < model.order else { continue }
        var symbols = mask
        while symbols != 0 {
          let symbol = symbols.trailingZeroBitCount
          symbols &= symbols - 1
          let old = context.old.flatMap { model.context($0, symbol) }
          longer.append(
            Context(
              key: context.key << 5 | UInt64(symbol), old: old,
              state: old.map(LetterModel.Context.init) ?? model.step(context.state, symbol).next))
        }
      }
      levels.append(level)
      contexts = longer
    }
    return levels
  }

  private static func symbols(of mask: UInt32) -> [Int] { (0..<32).filter { mask >> UInt32($0) & 1 == 1 } }

  /// What a context that the texts have lists, and what it leaves for other letters.
  private func add(_ mask: UInt32, after context: Context, _ length: Int, to level: inout LetterModel.Level) {
    let symbols = Self.symbols(of: mask)
    let chances = chances(of: symbols, after: context.key, length, context.state)
    level.probabilities += zip(symbols, chances).map { $0 == 0 ? -127 : LetterModel.logarithm($1) }
    guard length > 0 else { return level.backoffs.append(0) }
    let shorter = context.key & (1 << UInt64(5 * (length - 1)) - 1)
    let state = context.old.map(model.suffix) ?? context.state
    let others = self.chances(of: symbols, after: shorter, length - 1, state)
    let left = 1 - chances.reduce(0, +)
    let leftThere = 1 - others.reduce(0, +)
    level.backoffs.append(leftThere > 1e-9 ? LetterModel.logarithm(min(1, max(0, left / leftThere))) : -127)
  }

  /// How likely each symbol is after a context of so many symbols; a break never is.
  private func chances(
    of symbols: [Int], after key: UInt64, _ length: Int, _ state: LetterModel.Context
  ) -> [Double] {
    var chances = symbols.map { $0 == 0 ? 0 : exp(Double(model.step(state, $0).logProbability)) }
    for known in 0...length {
      let runs = runs[known + 1]
      let end = key & (1 << UInt64(5 * known) - 1)
      var place = runs.place(of: end << 5)
      let first = place
      var all = 0.0
      while place < runs.keys.count, runs.keys[place] >> 5 == end {
        all += Double(runs.raw[place])
        place += 1
      }
      // What the texts do not have they have with no more letters before it.
      if all == 0 { break }
      let doubt = Self.doubt(known)
      for index in symbols.indices where symbols[index] != 0 {
        chances[index] *= doubt / (all + doubt)
      }
      for run in first..<place {
        if let index = symbols.firstIndex(of: Int(runs.keys[run] & 31)) {
          chances[index] += Double(runs.raw[run]) / (all + doubt)
        }
      }
    }
    return chances
  }
}

extension LetterModel {
  /// The same model when it has learnt from `texts` besides, written to `path`.
  ///
  /// - Parameter texts: lines in symbols: 0 where a line breaks off, letters of the alphabet from 1.
  public func write(
    taughtBy texts: some Sequence<[UInt8]>, to path: String, name: String, notes: [(String, String)] = []
  ) throws(ModelError) {
    guard let lessons = LetterLessons(self, texts) else {
      throw ModelError(.wrongKind, path: path, "cannot be made: runs of \(order) letters are too long to be taught")
    }
    try Self.save(
      to: path, name: name, alphabet: alphabet, levels: lessons.levels(), notes: [("training.from", id)] + notes)
  }

  /// The same, kept in memory alone; nil where the model's runs are too long to be taught.
  public func taught(by texts: some Sequence<[UInt8]>, name: String) -> LetterModel? {
    LetterLessons(self, texts).flatMap { LetterModel(name: name, id: name, alphabet: alphabet, levels: $0.levels()) }
  }

  /// Letters in symbols: 0 for what is none of the alphabet's.
  public func symbols(of text: String) -> [UInt8] {
    text.map { UInt8((alphabet.firstIndex(of: $0) ?? -1) + 1) }
  }
}
