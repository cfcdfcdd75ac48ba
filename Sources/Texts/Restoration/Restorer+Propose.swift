import Glibc
import Inference

extension Restorer {
  /// Up to `limit` fillings, likeliest first. None where nothing is known around the gap, or where it is longer than `Gap.longest`.
  ///
  /// Every filling keeps to the letters that are certain and to the length. About 35 ms a length on one core; of a gap of uncertain length
  /// at most `lengthLimit` lengths are tried.
  public func proposals(for gap: Gap, limit: Int = 20) -> [Proposal] {
    guard gap.isRestorable else { return [] }
    var found: [(proposal: Proposal, weight: Double)] = []
    var lengths: [(letters: Int, weight: Double)] = []
    for count in gap.letters.prefix(Self.lengthLimit) {
      let considered = consider(gap, count: count)
      let proposals = weighed(considered, count: count, limit: limit, gap)
      lengths.append((count, considered.weight))
      found += proposals.map { ($0, considered.weight) }
    }
    // How likely each length is, by what its fillings explain of what stands behind the gap and by how much evidence there is for them.
    let best = lengths.map(\.weight).max() ?? 0
    let sum = lengths.reduce(0) { $0 + exp($1.weight - best) }
    for at in found.indices { found[at].proposal.probability *= exp(found[at].weight - best) / sum }
    return found.map(\.proposal).sorted { $0.probability > $1.probability }.prefix(limit).map { $0 }
  }

  /// Lengths of a gap that are tried at most, shortest first.
  public static let lengthLimit = 16

  /// The best fillings of one length.
  private func weighed(_ considered: Considered, count: Int, limit: Int, _ gap: Gap) -> [Proposal] {
    let entry = weights.entry(for: count)
    let scores = considered.features.map { zip($0, entry.weights).reduce(Float(0)) { $0 + $1.0 * $1.1 } }
    guard let best = scores.max() else { return [] }
    let sum = scores.reduce(0.0) { $0 + Double(expf($1 - best)) }
    let order = scores.indices.sorted {
      scores[$0] != scores[$1]
        ? scores[$0] > scores[$1] : considered.fillings[$0].lexicographicallyPrecedes(considered.fillings[$1])
    }
    let map = ProbabilityMap(slope: entry.slope, offset: entry.offset)
    let first = 1 / sum
    let mapped = map(first)
    // What the first one loses or gains the others do in proportion, but all together never more than certainty.
    let share = min(mapped / first, first < 1 ? (1 - mapped) / (1 - first) : 0)
    let chosen = order.prefix(limit)
    let parallels = EvidenceSearch(indexes: indexes).parallels(
      considered.evidence, of: Set(chosen.map { considered.fillings[$0] }), gap, count)
    return chosen.enumerated().map { rank, at in
      let probability = Double(expf(scores[at] - best)) / sum
      return Proposal(
        letters: considered.fillings[at], probability: rank == 0 ? mapped : probability * share,
        parallels: parallels[considered.fillings[at]] ?? [])
    }
  }
}
