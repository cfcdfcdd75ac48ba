import Testing

@testable import Inference

@Suite struct RadixSortTests {
  @Test(arguments: [
    (0, 5), (3, 5), (1 << 14, 20), (20_000, 5), (20_000, 33), (20_001, 45), (17_000, 60),
  ])
  func numbersAreSortedAsByComparing(count: Int, bits: Int) {
    var state: UInt64 = 88_172_645_463_325_252
    var numbers = (0..<count).map { _ -> UInt64 in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state & (UInt64(1) << UInt64(bits) - 1)
    }
    let expected = numbers.sorted()
    numbers.sortByRadix(bits: bits)
    #expect(numbers == expected)
  }
}
