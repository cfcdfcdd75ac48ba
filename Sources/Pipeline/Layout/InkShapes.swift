/// The connected dark shapes of an ink field: letters, words where letters touch, specks, rims of holes.
struct InkShapes {
  struct Shape {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int
    var area: Int

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
          Shape(left: Int(run.from), top: Int(run.y), right: Int(run.to) - 1, bottom: Int(run.y), area: 0))
      }
      let shape = Int(number[top])
      runs[index].shape = number[top]
      shapes[shape].left = min(shapes[shape].left, Int(run.from))
      shapes[shape].right = max(shapes[shape].right, Int(run.to) - 1)
      shapes[shape].bottom = max(shapes[shape].bottom, Int(run.y))
      shapes[shape].area += Int(run.to - run.from)
    }
  }

  /// The middle height of shapes, each counted by its area: near the x-height for separate letters, up to twice that for cursive. nil without shapes.
  func letterHeight(pageHeight: Int) -> Double? {
    let letters = shapes.filter {
      $0.area >= 8 && $0.height >= 4 && $0.height < pageHeight / 5 && $0.width < 40 * $0.height
        && $0.width * 8 > $0.height && $0.area * 10 < $0.width * $0.height * 9
    }
    guard letters.count >= 3 else { return nil }
    let sorted = letters.sorted { $0.height < $1.height }
    let total = sorted.reduce(0) { $0 + $1.area }
    var seen = 0
    for shape in sorted {
      seen += shape.area
      if 2 * seen >= total { return Double(shape.height) }
    }
    return nil
  }

  /// The field with only the shapes that can be writing of this x-height; specks, fibres, rims and frames are taken out.
  func writing(in field: InkField, xHeight: Double) -> InkField {
    let keep = shapes.map { shape -> Bool in
      let (w, h) = (Double(shape.width), Double(shape.height))
      let fill = Double(shape.area) / (w * h)
      if shape.area < 4 || Double(shape.area) < 0.006 * xHeight * xHeight { return false }
      // Solid patches: stains, rims.
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
