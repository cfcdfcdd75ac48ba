import Glibc
import Platform

/// What training leaves to chance; the stream depends on its seed alone (`SplitMix64`).
struct Chance: RandomNumberGenerator {
  private var numbers: SplitMix64

  /// Streams of different seeds, or different lanes of one seed, do not overlap in practice.
  init(seed: UInt64, lane: UInt64 = 0) {
    numbers = SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ lane &* 0xD1B5_4A32_D192_ED03)
    _ = next()
  }

  mutating func next() -> UInt64 { numbers.next() }

  /// 0 ..< 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
  mutating func happens(_ probability: Double) -> Bool { unit() < probability }
  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
  mutating func normal() -> Double { sqrt(-2 * log(1 - unit())) * cos(2 * .pi * unit()) }
}
