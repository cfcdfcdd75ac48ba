/// Letters of a lacuna that were proposed from known texts and taken by a scholar. They were not read: in Leiden+ they stand as `[supplied]`, which
/// no reader learns from.
public struct Restored: Hashable, Sendable {
  /// As they were put.
  public var text: String
  /// 0 ... 1, when they were proposed.
  public var probability: Double
  /// What proposed them.
  public var source: String
  /// Places of the known texts that spoke for them, `bgu.16.2560 3`.
  public var parallels: [String]

  public init(text: String, probability: Double, source: String, parallels: [String]) {
    self.text = text
    self.probability = probability
    self.source = source
    self.parallels = parallels
  }
}
