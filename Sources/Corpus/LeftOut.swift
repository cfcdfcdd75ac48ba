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

  /// How many things of all kinds.
  public var count: Int { kinds.reduce(0) { $0 + $1.count } }

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

  /// Takes over what another has counted.
  public mutating func add(_ other: LeftOut) {
    for kind in other.kinds { add(kind.what, kind.first, count: kind.count) }
  }

  /// `lines outside the photograph 2, texts that are no Leiden+ 3`.
  public var summary: String { kinds.map { "\($0.what) \($0.count)" }.joined(separator: ", ") }

  /// One sentence a kind: `lines outside the photograph: 2 (the first: line l3)`.
  public var sentences: [String] {
    kinds.map { "\($0.what): \($0.count)" + ($0.first.isEmpty ? "" : " (the first: \($0.first))") }
  }
}
