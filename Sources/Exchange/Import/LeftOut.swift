/// What of a file could not be taken: kinds of things, with their number and the name of the first. Nothing is dropped in silence.
public struct LeftOut: Hashable, Sendable {
  private struct Kind: Hashable {
    var what: String
    var count: Int
    var first: String
  }

  private var kinds: [Kind] = []

  public init() {}

  public var isEmpty: Bool { kinds.isEmpty }

  /// Counts something; kinds keep the order in which they first came up.
  /// - Parameters:
  ///   - what: in the plural, as `lines outside the photograph`.
  ///   - name: where to look for this one, as `line l3`.
  public mutating func add(_ what: String, _ name: String, count: Int = 1) {
    guard count > 0 else { return }
    if let index = kinds.firstIndex(where: { $0.what == what }) {
      kinds[index].count += count
    } else {
      kinds.append(Kind(what: what, count: count, first: name))
    }
  }

  /// One sentence a kind: `lines outside the photograph: 2 (the first: line l3)`.
  public var sentences: [String] {
    kinds.map { "\($0.what): \($0.count)" + ($0.first.isEmpty ? "" : " (the first: \($0.first))") }
  }
}
