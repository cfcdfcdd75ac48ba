import Corpus
import Raster

/// Which found line is which true one.
public enum LineMatching {
  /// For each true line the index of the found line that lies on it, or nil; no found line is used twice. A pair counts where the
  /// baselines lie within 0.6 of the x-height of each other over at least a third of the true one; the best go first.
  public static func match(found: [LineRegion], truth: [LineRegion], xHeights: [Double]) -> [Int?] {
    var pairs: [(truth: Int, found: Int, share: Double)] = []
    for (t, line) in truth.enumerated() {
      for (f, region) in found.enumerated() where region.photograph == line.photograph {
        let share = LayoutScore.covered(line.baseline, by: region.baseline, within: 0.6 * xHeights[t])
        if share > 1.0 / 3 { pairs.append((t, f, share)) }
      }
    }
    pairs.sort { ($0.share, $1.truth, $1.found) > ($1.share, $0.truth, $0.found) }
    var matched = [Int?](repeating: nil, count: truth.count)
    var used: Set<Int> = []
    for pair in pairs where matched[pair.truth] == nil && !used.contains(pair.found) {
      matched[pair.truth] = pair.found
      used.insert(pair.found)
    }
    return matched
  }
}
