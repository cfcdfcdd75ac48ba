import Corpus
import Glibc
import Raster

/// How well found lines agree with true ones.
///
/// A found line counts when its baseline runs within a third of the x-height of a true baseline over at least 80% of
/// the true one's length; every true line is matched by at most one found line and the other way round.
public struct LayoutScore: Hashable, Sendable {
  public var found: Int
  public var truth: Int
  public var matched: Int

  public init(found: Int = 0, truth: Int = 0, matched: Int = 0) {
    (self.found, self.truth, self.matched) = (found, truth, matched)
  }

  /// Share of the found lines that are true; 1 where none were found.
  public var precision: Double { found == 0 ? 1 : Double(matched) / Double(found) }
  /// Share of the true lines that were found; 1 where there are none.
  public var recall: Double { truth == 0 ? 1 : Double(matched) / Double(truth) }
  /// Their harmonic mean.
  public var f1: Double { found + truth == 0 ? 1 : 2 * Double(matched) / Double(found + truth) }

  public static func + (a: LayoutScore, b: LayoutScore) -> LayoutScore {
    LayoutScore(found: a.found + b.found, truth: a.truth + b.truth, matched: a.matched + b.matched)
  }

  /// Share of a true baseline's length that must be covered.
  public static let coverage = 0.8
  /// Greatest distance, in x-heights.
  public static let tolerance = 1.0 / 3

  /// Compares baselines on one photograph.
  ///
  /// - Parameter xHeight: of the true writing, in pixels; one for each true line, or one for all.
  public static func compare(found: [LineRegion], truth: [LineRegion], xHeight: [Double]) -> LayoutScore {
    precondition(xHeight.count == truth.count || xHeight.count == 1 || truth.isEmpty)
    return compare(
      found: found, truth: truth,
      within: truth.indices.map { tolerance * (xHeight.count == 1 ? xHeight[0] : xHeight[$0]) }, coverage: coverage)
  }

  /// The same with other bounds: how far a found line may run from each true one, and over what share of its length it must stay within that.
  public static func compare(
    found: [LineRegion], truth: [LineRegion], within distances: [Double], coverage: Double
  ) -> LayoutScore {
    LayoutScore(
      found: found.count, truth: truth.count,
      matched: matches(found: found, truth: truth, within: distances, coverage: coverage).count { $0 != nil })
  }

  /// For each true line the index of the found line that counts as it, or nil; no found line counts twice, and those that lie best go first.
  public static func matches(
    found: [LineRegion], truth: [LineRegion], within distances: [Double], coverage: Double
  ) -> [Int?] {
    precondition(distances.count == truth.count)
    var pairs: [(share: Double, found: Int, truth: Int)] = []
    for (t, line) in truth.enumerated() {
      for (f, candidate) in found.enumerated() {
        let share = covered(line.baseline, by: candidate.baseline, within: distances[t])
        if share >= coverage { pairs.append((share, f, t)) }
      }
    }
    pairs.sort { ($0.share, $1.truth, $1.found) > ($1.share, $0.truth, $0.found) }
    var matched = [Int?](repeating: nil, count: truth.count)
    var taken = Set<Int>()
    for pair in pairs where matched[pair.truth] == nil && !taken.contains(pair.found) {
      matched[pair.truth] = pair.found
      taken.insert(pair.found)
    }
    return matched
  }

  /// The middle distance from a line to the nearest one that runs above or below it, in pixels; a twentieth of the longest line's length where no line
  /// has a neighbour.
  public static func lineDistance(_ lines: [LineRegion]) -> Double {
    func middle(_ line: LineRegion) -> Point {
      let place = line.baseline.count / 2
      let (a, b) = (line.baseline[max(0, place - 1)], line.baseline[place])
      return Point(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2)
    }
    var distances: [Double] = []
    for (index, line) in lines.enumerated() where line.baseline.count >= 2 {
      // A neighbour stands beside most of the line, not at its end.
      let nearest = lines.indices.filter { $0 != index && lines[$0].baseline.count >= 2 }.compactMap {
        other -> Double? in
        let near = self.distance(from: middle(line), to: lines[other].baseline)
        let ends = [lines[other].baseline[0], lines[other].baseline[lines[other].baseline.count - 1]]
        let isBeside = ends.allSatisfy { hypot($0.x - middle(line).x, $0.y - middle(line).y) > near * 1.01 }
        return isBeside ? near : nil
      }.min()
      if let nearest, nearest > 1 { distances.append(nearest) }
    }
    distances.sort()
    if !distances.isEmpty { return distances[distances.count / 2] }
    let longest = lines.compactMap { line in
      line.baseline.first.map { first in
        let last = line.baseline[line.baseline.count - 1]
        return hypot(last.x - first.x, last.y - first.y)
      }
    }.max()
    return (longest ?? 0) / 20
  }

  /// With one x-height for all.
  public static func compare(found: [LineRegion], truth: [LineRegion], xHeight: Double) -> LayoutScore {
    compare(found: found, truth: truth, xHeight: [xHeight])
  }

  /// The share of `line` that runs within a distance of `other`, judged at 64 places.
  public static func covered(_ line: [Point], by other: [Point], within distance: Double) -> Double {
    guard line.count >= 2, !other.isEmpty else { return 0 }
    let places = 64
    let length = zip(line, line.dropFirst()).reduce(0) { $0 + hypot($1.1.x - $1.0.x, $1.1.y - $1.0.y) }
    guard length > 0 else { return 0 }
    var (near, segment, walked) = (0, 0, 0.0)
    for place in 0..<places {
      let wanted = length * (Double(place) + 0.5) / Double(places)
      while segment + 2 < line.count {
        let size = hypot(line[segment + 1].x - line[segment].x, line[segment + 1].y - line[segment].y)
        if walked + size >= wanted { break }
        walked += size
        segment += 1
      }
      let (a, b) = (line[segment], line[segment + 1])
      let size = hypot(b.x - a.x, b.y - a.y)
      let part = size > 0 ? (wanted - walked) / size : 0
      let point = Point(x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part)
      if self.distance(from: point, to: other) <= distance { near += 1 }
    }
    return Double(near) / Double(places)
  }

  private static func distance(from point: Point, to line: [Point]) -> Double {
    var best = line.count == 1 ? hypot(point.x - line[0].x, point.y - line[0].y) : Double.infinity
    for (a, b) in zip(line, line.dropFirst()) {
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let size = dx * dx + dy * dy
      let part = size > 0 ? max(0, min(1, ((point.x - a.x) * dx + (point.y - a.y) * dy) / size)) : 0
      best = min(best, hypot(point.x - a.x - part * dx, point.y - a.y - part * dy))
    }
    return best
  }
}
