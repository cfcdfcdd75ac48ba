/// The connected dark shapes of an ink field: letters, words where letters touch, specks, rims of holes.
struct InkShapes {
  struct Shape {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int
    var area: Int
    /// Rows of ink: each run of dark pixels counts one.
    var runs: Int

    var width: Int { right - left + 1 }
    var height: Int { bottom - top + 1 }
  }

  private(set) var shapes: [Shape] = []
  /// Runs of dark pixels: row, first column, column after the last, shape.
  private var runs: [(y: Int32, from: Int32, to: Int32, shape: Int32)] = []

  /// Runs joined where they touch, corners included.
  init(_ field: InkField) {
    var parent: [Int32] = []
    func root(_ index: Int32) -> Int32 {
      var index = index
      while parent[Int(index)] != index {
        parent[Int(index)] = parent[Int(parent[Int(index)])]
        index = parent[Int(index)]
      }
      return index
    }
    var previous = 0..<0
    let width = field.width
    field.ink.withUnsafeBufferPointer { ink in
      for y in 0..<field.height {
        let first = runs.count
        var x = 0
        var above = previous.lowerBound
        while x < width {
          if ink[y * width + x] <= InkField.threshold {
            x += 1
            continue
          }
          let from = x
          while x < width && ink[y * width + x] > InkField.threshold { x += 1 }
          let label = Int32(runs.count)
          parent.append(label)
          runs.append((Int32(y), Int32(from), Int32(x), label))
          while above < previous.upperBound && Int(runs[above].to) < from { above += 1 }
          var next = above
          while next < previous.upperBound && Int(runs[next].from) <= x {
            let a = root(Int32(next))
            let b = root(label)
            if a != b { parent[Int(max(a, b))] = min(a, b) }
            next += 1
          }
        }
        previous = first..<runs.count
      }
    }
    var number = [Int32](repeating: -1, count: runs.count)
    for index in runs.indices {
      let top = Int(root(Int32(index)))
      let run = runs[index]
      if number[top] < 0 {
        number[top] = Int32(shapes.count)
        shapes.append(
          Shape(left: Int(run.from), top: Int(run.y), right: Int(run.to) - 1, bottom: Int(run.y), area: 0, runs: 0))
      }
      let shape = Int(number[top])
      runs[index].shape = number[top]
      shapes[shape].left = min(shapes[shape].left, Int(run.from))
      shapes[shape].right = max(shapes[shape].right, Int(run.to) - 1)
      shapes[shape].bottom = max(shapes[shape].bottom, Int(run.y))
      shapes[shape].area += Int(run.to - run.from)
      shapes[shape].runs += 1
    }
  }

  /// Every run of ink: row, first column, column after the last, shape.
  func forEachRun(_ body: (Int, Int, Int, Int) -> Void) {
    for run in runs { body(Int(run.y), Int(run.from), Int(run.to), Int(run.shape)) }
  }

  /// The middle height of shapes, each counted by its area: near the x-height for separate letters, up to twice that for cursive. nil without shapes.
  func letterHeight(pageHeight: Int) -> Double? {
    let letters = shapes.filter {
      $0.area >= 8 && $0.height >= 4 && $0.height < pageHeight / 5 && $0.width < 40 * $0.height
        && $0.width * 8 > $0.height && $0.area * 10 < $0.width * $0.height * 9
    }
    guard letters.count >= 3 else { return nil }
    let sorted = letters.sorted { $0.height < $1.height }
    // By area, but no more than a letter's for frames and long words.
    func weight(_ shape: Shape) -> Int { min(shape.area, shape.height * shape.height) }
    let total = sorted.reduce(0) { $0 + weight($1) }
    var seen = 0
    for shape in sorted {
      seen += weight(shape)
      if 2 * seen >= total { return Double(shape.height) }
    }
    return nil
  }

  /// Distance from line to line in pixels, from how the rows' ink repeats itself in upright slabs; nil where nothing repeats.
  static func pitch(_ field: InkField) -> Double? {
    let (width, height) = (field.width, field.height)
    let slabs = 8
    let longest = min(height / 2, 400)
    guard longest > 12 else { return nil }
    var sums = [Double](repeating: 0, count: longest)
    for slab in 0..<slabs {
      let (from, to) = (slab * width / slabs, (slab + 1) * width / slabs)
      var rows = [Double](repeating: 0, count: height)
      for y in 0..<height {
        var count = 0
        for x in from..<to where field.ink[y * width + x] > InkField.threshold { count += 1 }
        // A long stroke counts no more than a few letters.
        rows[y] = min(Double(count), 0.25 * Double(to - from))
      }
      // Against the mean of the neighbourhood, so that only lines repeat.
      let reach = height / 12 + 1
      var prefix = [0.0]
      for value in rows { prefix.append(prefix[prefix.count - 1] + value) }
      let flat = rows.indices.map { y -> Double in
        let (a, b) = (max(0, y - reach), min(height, y + reach + 1))
        return rows[y] - (prefix[b] - prefix[a]) / Double(b - a)
      }
      for lag in 0..<longest {
        var sum = 0.0
        for y in 0..<(height - lag) { sum += flat[y] * flat[y + lag] }
        sums[lag] += sum
      }
    }
    guard sums[0] > 0 else { return nil }
    // The first peak that stands clear of the valleys on both sides and comes again at twice the distance.
    for lag in 6..<(longest * 2 / 3) where sums[lag] >= sums[lag - 1] && sums[lag] > sums[lag + 1] {
      let before = sums[lag / 2...lag].min() ?? 0
      let after = sums[lag...min(longest - 1, lag * 3 / 2)].min() ?? 0
      guard sums[lag] - max(before, after) > 0.15 * sums[0], sums[lag] > -0.1 * sums[0] else { continue }
      let (from, to) = (lag * 37 / 20, lag * 43 / 20)
      guard to < longest else { return Double(lag) }
      let again = sums[from...to].max() ?? 0
      let between = sums[(lag * 27 / 20)...(lag * 33 / 20)].min() ?? 0
      if again - between > 0.04 * sums[0] { return Double(lag) }
    }
    return nil
  }

  /// The shapes that come within three pixels of the void.
  private func onRim(of void: [Bool], _ field: InkField) -> [Bool] {
    var touching = [Bool](repeating: false, count: shapes.count)
    let (width, height) = (field.width, field.height)
    let reach = 3
    void.withUnsafeBufferPointer { void in
      for run in runs where !touching[Int(run.shape)] {
        let (y, from, to) = (Int(run.y), Int(run.from), Int(run.to))
        for (x, row) in [
          (max(0, from - reach), y), (min(width - 1, to - 1 + reach), y), ((from + to) / 2, max(0, y - reach)),
          ((from + to) / 2, min(height - 1, y + reach)),
        ] where void[row * width + x] { touching[Int(run.shape)] = true }
      }
    }
    return touching
  }

  /// The field with only the shapes that can be writing of this x-height; specks, fibres, rims and frames are taken out.
  ///
  /// - Parameter void: true where the background shows; what clings to its rim is shadow and frayed edge unless it is large.
  func writing(in field: InkField, void: [Bool], xHeight: Double) -> InkField {
    let rims = onRim(of: void, field)
    // The usual breadth of a stroke, cut across.
    let breadths = shapes.filter { $0.area >= 8 }.map { (breadth: Double($0.area) / Double($0.runs), area: $0.area) }
      .sorted { $0.breadth < $1.breadth }
    let total = breadths.reduce(0) { $0 + $1.area }
    var (seen, stroke) = (0, 1.0)
    for shape in breadths where 2 * seen < total {
      seen += shape.area
      stroke = shape.breadth
    }
    let keep = shapes.indices.map { index -> Bool in
      let shape = shapes[index]
      let (w, h) = (Double(shape.width), Double(shape.height))
      let fill = Double(shape.area) / (w * h)
      if shape.area < 4 || Double(shape.area) < 0.006 * xHeight * xHeight { return false }
      if rims[index] && (Double(shape.area) < 0.2 * xHeight * xHeight || (h > 1.8 * xHeight && w < 0.7 * h)) {
        return false
      }
      // Solid patches: stains, rims.
      if Double(shape.area) / Double(shape.runs) > 2.8 * stroke && h > 0.6 * xHeight { return false }
      if w > 1.5 * xHeight && h > 1.5 * xHeight && fill > 0.62 { return false }
      // Fibres and ruled lines.
      if h < 0.35 * xHeight && w > 6 * h && w > 2.5 * xHeight { return false }
      // Edges, frames, cracks.
      if h > 6 * xHeight && w < 2 * h { return false }
      return true
    }
    var out = field
    out.ink = [Float](repeating: 0, count: field.ink.count)
    field.ink.withUnsafeBufferPointer { source in
      out.ink.withUnsafeMutableBufferPointer { target in
        for run in runs where keep[Int(run.shape)] {
          let row = Int(run.y) * field.width
          for x in Int(run.from)..<Int(run.to) { target[row + x] = source[row + x] }
        }
      }
    }
    return out
  }
}
