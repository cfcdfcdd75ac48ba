import Glibc

/// A small generator of random numbers whose stream depends on its seed alone (SplitMix64, Steele, Lea and Flood 2014).
struct Chance: RandomNumberGenerator {
  private var state: UInt64

  /// Streams of different seeds, or different lanes of one seed, do not overlap in practice.
  init(seed: UInt64, lane: UInt64 = 0) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 ^ lane &* 0xD1B5_4A32_D192_ED03
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 0 ..< 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
  mutating func happens(_ probability: Double) -> Bool { unit() < probability }
  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
  mutating func normal() -> Double { sqrt(-2 * log(1 - unit())) * cos(2 * .pi * unit()) }
}
