import Glibc
import Inference

/// What a text says of itself: runs of letters counted in the text that has the gap, to be mixed with a model of all texts (Kuhn & De Mori 1990).
struct TextMemory {
  /// Letters of a run at most.
  private static let order = 7
  /// How often a run occurs; the key has five bits a letter and a first bit that tells its length.
  private var counts: [UInt64: UInt32] = [:]

  init(_ gap: Gap) {
    for part in [gap.before.suffix(20_000), gap.after.prefix(20_000)] {
      var key: UInt64 = 0
      var known = 0
      for letter in part {
        let number = UInt64(letter & TextLetters.mask)
        if number == 0 {
          known = 0
          continue
        }
        key = key << 5 | number
        known = min(Self.order, known + 1)
        for length in 1...known { counts[Self.marked(key, length), default: 0] += 1 }
        counts[1, default: 0] += 1
      }
    }
  }

  private static func marked(_ key: UInt64, _ length: Int) -> UInt64 {
    let end = UInt64(1) << UInt64(5 * length)
    return end | key & (end - 1)
  }

  /// How much likelier letters, and those behind the gap, become by what the text says: log of a ratio to the model.
  func gain(_ model: LetterModel, _ context: LetterModel.Context, left: [UInt8], _ filling: [UInt8], then: [UInt8])
    -> Float
  {
    var key: UInt64 = 0
    var known = 0
    for letter in left.prefix(Self.order).reversed() {
      key = key << 5 | UInt64(letter)
      known += 1
    }
    var context = context
    var gain: Float = 0
    for letter in filling + then.prefix(5) {
      let (logProbability, next) = model.step(context, Int(letter))
      var probability = expf(logProbability)
      for length in 0...min(known, Self.order - 1) {
        guard let all = counts[Self.marked(key, length)] else { break }
        let those = counts[Self.marked(key << 5 | UInt64(letter), length + 1)] ?? 0
        // A long context that occurred once says more than a short one that did.
        let doubt: Float = length < 2 ? 400 : length < 4 ? 12 : 3
        probability = (Float(those) + doubt * probability) / (Float(all) + doubt)
      }
      gain += logf(probability) - logProbability
      context = next
      key = key << 5 | UInt64(letter)
      known += 1
    }
    return gain
  }
}
