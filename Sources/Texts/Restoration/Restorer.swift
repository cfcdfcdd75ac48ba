import Glibc
import Inference

/// Proposes what stood in gaps, with reasons. Read-only and thread-safe.
///
/// Fillings come from letter models read from both ends, from places of the known texts whose surroundings are the same, and from repeats in the
/// same text; a log-linear model weighs what speaks for each.
public struct Restorer: Sendable {
  public let indexes: [TextIndex]
  let models: RestorationModels
  public var weights: RestorerWeights

  /// One filling.
  public struct Proposal: Sendable {
    /// Letters, without word spaces.
    public var letters: [UInt8]
    public var probability: Double
    /// Places of the known texts that speak for it, best first.
    public var parallels: [Parallel]
  }

  /// A place of the known texts.
  public struct Parallel: Sendable, Hashable {
    public var index: Int
    /// The letters of the filling.
    public var letters: Range<Int>
    /// How many letters before and behind are the same as around the gap.
    public var left, right: Int
  }

  /// What speaks for each of some fillings.
  struct Considered {
    var fillings: [[UInt8]] = []
    /// `FillingFeatures.count` numbers a filling.
    var features: [[Float]] = []
    var evidence: [Evidence] = []
    /// How likely a gap of this length is, as a logarithm, against other lengths of the same gap.
    var weight = 0.0
  }

  static let fromModels = 400
  static let fromTexts = 200
  static let fromWords = 150

  func consider(_ gap: Gap, count: Int) -> Considered {
    var considered = Considered()
    let sense = WordSense(models.words, gap)
    let edges = WordEdges(gap)
    var features = FillingFeatures(models, gap, WordPaths(sense, edges))
    considered.evidence =
      EvidenceSearch(indexes: indexes).places(for: gap, count: count) + EvidenceSearch.repeats(in: gap, count: count)
    let search = EvidenceSearch(indexes: indexes)
    for evidence in considered.evidence {
      let letters = search.filling(evidence, gap, count)
      if gap.allows(letters) { features.add(evidence, letters) }
    }
    var chosen = Set(FillingSearch(models, gap).fillings(count, limit: Self.fromModels))
    chosen.formUnion(WordFillings(sense, edges, fixed: gap.fixed).fillings(count, limit: Self.fromWords))
    let supported = features.supported.sorted {
      let (one, other) = ($0.value.half + $0.value.repeats, $1.value.half + $1.value.repeats)
      return one != other ? one > other : $0.key.lexicographicallyPrecedes($1.key)
    }
    for (letters, _) in supported.prefix(Self.fromTexts) { chosen.insert(letters) }
    considered.fillings = chosen.sorted { $0.lexicographicallyPrecedes($1) }
    considered.features = considered.fillings.map { features.values(of: $0) }
    considered.weight = features.weight(considered.features)
    return considered
  }
}
