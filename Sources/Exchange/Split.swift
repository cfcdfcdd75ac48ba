import Platform

/// How an export is divided for training: whole fragments, by the hash of their ids.
///
/// A fragment goes to the same part in every export with the same shares, whatever else the corpus holds. With few fragments the parts
/// come out only roughly as large as asked for.
public struct Split: Hashable, Sendable, CustomStringConvertible {
  /// Whole numbers; two stand for train and test, three for train, dev and test.
  public let shares: [Int]

  /// Reads `90/5/5` or `90/10`; nil for anything else, also for shares that are all 0.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2 || parts.count == 3, parts.allSatisfy({ $0.map { 0...1_000_000 ~= $0 } ?? false }) else {
      return nil
    }
    shares = parts.map { $0! }
    guard shares.contains(where: { $0 > 0 }) else { return nil }
  }

  /// Names of the parts, which are also the names of their folders.
  public var parts: [String] { shares.count == 2 ? ["train", "test"] : ["train", "dev", "test"] }

  /// The part a fragment belongs to.
  public func part(of fragment: String) -> String {
    let digest = SHA256.hash(Array(fragment.utf8))
    // 48 bits of the hash as a number from 0 to below the sum of the shares.
    let number = Int(digest.prefix(12), radix: 16)! % shares.reduce(0, +)
    var end = 0
    for (part, share) in zip(parts, shares) {
      end += share
      if number < end { return part }
    }
    return parts[parts.count - 1]
  }

  public var description: String { shares.map { String($0) }.joined(separator: "/") }
}
