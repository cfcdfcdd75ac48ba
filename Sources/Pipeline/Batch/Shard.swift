import Platform

/// Part K of N of a corpus, by a hash of the id: the same on every machine.
public struct Shard: Hashable, Sendable {
  public let part: Int
  public let parts: Int

  /// - Precondition: 0 <= part < parts.
  public init(part: Int, parts: Int) {
    precondition((0..<parts).contains(part))
    self.part = part
    self.parts = parts
  }

  public func holds(_ id: String) -> Bool { Int(Checksum.crc32c(Array(id.utf8))) % parts == part }
}
