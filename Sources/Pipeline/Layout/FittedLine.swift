/// A line as it was found or measured: its baseline as points from left to right, and the height of its small letters.
struct FittedLine {
  var xs: [Double]
  var ys: [Double]
  var xHeight: Double

  var left: Double { xs[0] }
  var right: Double { xs[xs.count - 1] }

  func y(at x: Double) -> Double {
    if x <= xs[0] { return ys[0] }
    for index in 1..<xs.count where x <= xs[index] {
      let span = xs[index] - xs[index - 1]
      return span > 0 ? ys[index - 1] + (ys[index] - ys[index - 1]) * (x - xs[index - 1]) / span : ys[index]
    }
    return ys[ys.count - 1]
  }
}
