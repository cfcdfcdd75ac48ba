import Platform

/// How an export is divided for training: whole papyri, by the hash of their numbers.
///
/// A papyrus goes to the same part in every export with the same shares, whatever else the corpus holds (but see `PapyrusDivision` for the
/// first few hundred). With few papyri the parts come out only roughly as large as asked for.
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

  /// The part that a papyrus belongs to by its number or id.
  public func part(of key: String) -> String {
    let number = place(of: key)
    var end = 0
    for (part, share) in zip(parts, shares) {
      end += share
      if number < end { return part }
    }
    return parts[parts.count - 1]
  }

  /// 48 bits of the hash of a key as a number from 0 to below the sum of the shares.
  func place(of key: String) -> Int {
    Int(SHA256.hash(Array(key.utf8)).prefix(12), radix: 16)! % shares.reduce(0, +)
  }

  public var description: String { shares.map { String($0) }.joined(separator: "/") }
}
