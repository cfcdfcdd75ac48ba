import Platform

/// The generator behind every drawing: xoshiro256** seeded through SplitMix64 (Blackman and Vigna, public domain method).
///
/// All chance in Scribe comes from here and all arithmetic below is plain IEEE, so that a seed means the
/// same bytes on every machine; the C library's `sin` or `exp` may differ in the last bit and are not used.
public struct Dice: RandomNumberGenerator, Sendable {
  private var a: UInt64
  private var b: UInt64
  private var c: UInt64
  private var d: UInt64

  /// - Parameters:
  ///   - seed: names the whole work.
  ///   - stream: names one piece of it (a line, a letter, a sheet); streams of one seed are unrelated.
  public init(_ seed: UInt64, stream: UInt64 = 0) {
    var words = SplitMix64(seed: SplitMix64.mixed(seed) ^ SplitMix64.mixed(stream &+ 0x9E37_79B9_7F4A_7C15))
    a = words.next()
    b = words.next()
    c = words.next()
    d = words.next()
  }

  @inline(__always)
  public mutating func next() -> UInt64 {
    let product = b &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 45) | (d >> 19)
    return result
  }

  /// 0 ..< 1.
  @inline(__always)
  mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }

  @inline(__always)
  mutating func uniform(_ low: Float, _ high: Float) -> Float { low + (high - low) * unit() }

  /// Even on a scale of ratios; both bounds above 0.
  mutating func ratio(_ low: Float, _ high: Float) -> Float {
    low * Wave.power2(unit() * Wave.log2(high / low))
  }

  /// Mean 0, deviation 1, never beyond 3.5: four uniform numbers added.
  mutating func normal() -> Float {
    let bits = next()
    let sum =
      Float(bits & 0xFFFF) + Float((bits >> 16) & 0xFFFF) + Float((bits >> 32) & 0xFFFF)
      + Float(bits >> 48)
    return (sum * 0x1p-16 - 2) * 1.7320508
  }

  mutating func chance(_ probability: Float) -> Bool { unit() < probability }

  /// 0 ..< count; count above 0.
  @inline(__always)
  mutating func below(_ count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

  /// An index drawn by weight; weights are not negative and not all 0.
  mutating func weighted(_ weights: [Float]) -> Int {
    var rest = unit() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    return weights.count - 1
  }
}

/// The few transcendental functions that drawing needs, in plain arithmetic (see `Dice`); errors under 1e-4.
enum Wave {
  /// Sine of a whole turn times `turns`.
  static func sine(_ turns: Float) -> Float {
    var t = turns - turns.rounded(.down)  // 0 ..< 1
    var sign: Float = 1
    if t >= 0.5 {
      t -= 0.5
      sign = -1
    }
    if t > 0.25 { t = 0.5 - t }
    let x = t * 6.2831853
    let y = x * x
    return sign * x * (1 + y * (-0.16666667 + y * (0.0083333310 + y * -0.000198409)))
  }

  static func cosine(_ turns: Float) -> Float { sine(turns + 0.25) }

  static func power2(_ x: Float) -> Float {
    let whole = x.rounded(.down)
    let f = x - whole
    let part =
      1 + f * (0.6931472 + f * (0.2402265 + f * (0.0555041 + f * (0.0096181 + f * 0.0013333))))
    return Float(sign: .plus, exponent: Int(max(-126, min(127, whole))), significand: 1) * part
  }

  static func log2(_ x: Float) -> Float {
    let m = x.significand  // 1 ..< 2
    let t = (m - 1) / (m + 1)
    let s = t * t
    let series = t * (1 + s * (0.33333333 + s * (0.2 + s * (0.14285714 + s * 0.11111111))))
    return Float(x.exponent) + series * 2.885390
  }
}
