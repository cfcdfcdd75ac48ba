/// Puts lines in the order they are read: columns from the left, each from the top.
///
/// A block is cut into columns where a vertical strip is free of lines and the writing on both sides stands side by side; a
/// heading over several columns is cut off first (recursive cuts, as Nagy and Seth's X-Y tree).
enum ReadingOrder {
  /// Each line's index with the number of its column, in reading order.
  static func columns(_ lines: [FittedLine]) -> [(line: Int, column: Int)] {
    var blocks: [[Int]] = []
    let all = lines.indices.sorted { middle(lines[$0]) < middle(lines[$1]) }
    split(all, lines, into: &blocks)
    return blocks.enumerated().flatMap { number, block in block.map { (line: $0, column: number) } }
  }

  private static func middle(_ line: FittedLine) -> Double { line.y(at: (line.left + line.right) / 2) }

  private static func split(_ block: [Int], _ lines: [FittedLine], into blocks: inout [[Int]]) {
    guard block.count > 1 else {
      if !block.isEmpty { blocks.append(block) }
      return
    }
    if let (left, right) = sides(of: block, lines) {
      split(left, lines, into: &blocks)
      split(right, lines, into: &blocks)
      return
    }
    // A heading or a foot that spans what would otherwise fall apart into columns.
    for head in 1..<block.count where block.count - head >= 4 {
      if head <= 3, sides(of: Array(block[head...]), lines) != nil {
        split(Array(block[..<head]), lines, into: &blocks)
        split(Array(block[head...]), lines, into: &blocks)
        return
      }
      let foot = block.count - head
      if head <= 3, foot >= 4, sides(of: Array(block[..<foot]), lines) != nil {
        split(Array(block[..<foot]), lines, into: &blocks)
        split(Array(block[foot...]), lines, into: &blocks)
        return
      }
    }
    blocks.append(sameLevelFromTheLeft(block, lines))
  }

  /// The two sides of the widest free vertical strip, when both stand at the same height of the page.
  ///
  /// One line in six may run a letter or two over into the other column, as scribes do.
  private static func sides(of block: [Int], _ lines: [FittedLine]) -> (left: [Int], right: [Int])? {
    var best: (gap: Double, left: [Int], right: [Int])?
    for first in block {
      let (at, unit) = (lines[first].left, lines[first].xHeight)
      let left = block.filter { lines[$0].left + lines[$0].right < 2 * at }
      let right = block.filter { lines[$0].left + lines[$0].right >= 2 * at }
      let allowed = min(left.count, right.count) / 6
      func over(_ line: Int, of left: Bool) -> Double {
        left ? lines[line].right - (at - 0.3 * unit) : at - lines[line].left
      }
      let overruns = left.map { over($0, of: true) } + right.map { over($0, of: false) }
      guard !left.isEmpty, overruns.lazy.filter({ $0 > 0 }).count <= allowed, overruns.max()! < 2.5 * unit else {
        continue
      }
      let reach = left.lazy.map { lines[$0].right }.filter { $0 <= at - 0.3 * unit }.max() ?? at
      if at - reach > best?.gap ?? 0 { best = (at - reach, left, right) }
    }
    guard let (_, left, right) = best else { return nil }
    func range(_ side: [Int]) -> ClosedRange<Double> {
      let ys = side.map { middle(lines[$0]) }
      return ys.min()!...ys.max()!
    }
    let (a, b) = (range(left), range(right))
    let shared = min(a.upperBound, b.upperBound) - max(a.lowerBound, b.lowerBound)
    let smaller = min(a.upperBound - a.lowerBound, b.upperBound - b.lowerBound)
    return left.count + right.count >= 3 && shared >= 0.4 * smaller && max(left.count, right.count) > 1
      && shared >= 0 ? (left, right) : nil
  }

  /// From the top; pieces that stand on one level from the left.
  private static func sameLevelFromTheLeft(_ block: [Int], _ lines: [FittedLine]) -> [Int] {
    var order = block
    var index = 1
    while index < order.count {
      var place = index
      while place > 0 {
        let (a, b) = (lines[order[place - 1]], lines[order[place]])
        let level = abs(middle(a) - middle(b)) < 0.5 * min(a.xHeight, b.xHeight)
        guard level && b.right < a.left + 0.5 * a.xHeight else { break }
        order.swapAt(place - 1, place)
        place -= 1
      }
      index += 1
    }
    return order
  }
}
