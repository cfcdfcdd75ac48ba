import CKernels
import Testing

/// A repeatable stream of numbers.
struct Numbers {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
  }
  mutating func many(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }
}

private func near(_ a: [Float], _ b: [Float], _ tolerance: Float) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}

/// The functions run wherever AVX2 is, though another form may be faster there.
private let canMultiplyWholes = Int(grapheion_best_path()) >= Int(GRAPHEION_AVX2.rawValue)

private func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }

struct NetworkKernelTests {
  /// Every path of the product that this processor has, both transposes, sizes around the tiles' edges.
  @Test(arguments: 0...2) func productsAgreeWithTheReference(path: Int) {
    guard path <= Int(grapheion_best_path()) else { return }
    var numbers = Numbers(UInt64(path) + 1)
    let sizes: [(Int, Int, Int)] = [
      (1, 1, 1), (1, 33, 5), (3, 7, 2), (6, 16, 8), (7, 17, 9), (14, 32, 192), (15, 33, 193), (13, 31, 191),
      (29, 64, 400), (170, 40, 10), (183, 25, 21), (5, 5, 0),
    ]
    for (m, n, k) in sizes {
      var scratch = [Float](repeating: 0, count: Int(grapheion_sgemm_scratch(n)))
      for form in 0..<8 {
        let (ta, tb, add) = (Int32(form & 1), Int32(form >> 1 & 1), Int32(form >> 2))
        let (a, b, c) = (numbers.many(m * k + 1), numbers.many(k * n + 1), numbers.many(m * (n + 3)))
        let (lda, ldb) = (max(1, ta == 1 ? m : k), max(1, tb == 1 ? k : n))
        var (fast, plain) = (c, c)
        grapheion_sgemm_by(Int32(path), ta, tb, m, n, k, a, lda, b, ldb, add, &fast, n + 3, &scratch)
        grapheion_sgemm_reference(ta, tb, m, n, k, a, lda, b, ldb, add, &plain, n + 3)
        #expect(near(fast, plain, 2e-5), "path \(path) form \(form) \(m)x\(n)x\(k)")
      }
    }
  }

  /// Products of halves are those of the rounded factors, both transposes, sizes around the tiles' edges.
  @Test(.enabled(if: grapheion_has_halves() != 0)) func productsOfHalvesAgreeWithTheReference() {
    /// To the nearest half, ties to even.
    func half(_ x: Float) -> Float {
      let bits = x.bitPattern
      return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
    }
    var numbers = Numbers(21)
    var scratch = [Float](repeating: 0, count: Int(grapheion_halves_scratch(96)))
    let sizes: [(Int, Int, Int)] = [
      (1, 1, 1), (3, 7, 2), (13, 31, 15), (14, 32, 16), (15, 33, 17), (29, 64, 385), (168, 25, 192), (171, 40, 768),
      (183, 96, 25),
    ]
    for (m, n, k) in sizes {
      for form in 0..<4 {
        let (tb, add) = (Int32(form & 1), Int32(form >> 1))
        let (a, b, c) = (numbers.many(m * k), numbers.many(k * n), numbers.many(m * (n + 3)))
        let ldb = tb == 1 ? k : n
        var packed = [UInt16](repeating: 0xFFFF, count: Int(grapheion_halves_packed(n, k)))
        grapheion_halves_pack(tb, n, k, b, ldb, &packed)
        var (fast, plain) = (c, c)
        grapheion_halves_product(m, n, k, a, k, packed, add, &fast, n + 3, &scratch)
        grapheion_sgemm_reference(0, tb, m, n, k, a.map(half), k, b.map(half), ldb, add, &plain, n + 3)
        #expect(near(fast, plain, 1e-4), "form \(form) \(m)x\(n)x\(k)")
        for ta in Int32(0)...1 {
          (fast, plain) = (c, c)
          let lda = ta == 1 ? m : k
          grapheion_halves_gemm(ta, tb, m, n, k, a, lda, b, ldb, add, &fast, n + 3, &scratch)
          grapheion_sgemm_reference(ta, tb, m, n, k, a.map(half), lda, b.map(half), ldb, add, &plain, n + 3)
          #expect(near(fast, plain, 1e-4), "both rounded, turned \(ta), form \(form) \(m)x\(n)x\(k)")
        }
      }
    }
  }

  /// What is whole and no greater than its scale allows is multiplied exactly; anything else as near as twelve bits of its row and column are.
  @Test(.enabled(if: canMultiplyWholes))
  func productsOfWholesAgreeWithTheReference() {
    var numbers = Numbers(23)
    var scratch = [Float](repeating: .nan, count: Int(grapheion_wholes_scratch(96)))
    let sizes: [(Int, Int, Int)] = [
      (1, 1, 1), (3, 7, 2), (5, 15, 15), (6, 16, 16), (7, 17, 17), (29, 64, 385), (96, 25, 192), (103, 40, 768),
      (200, 96, 25),
    ]
    for (m, n, k) in sizes {
      var packed = [Int16](repeating: -1, count: Int(grapheion_wholes_packed(n, k)))
      var scales = [Float](repeating: .nan, count: n)
      for add in Int32(0)...1 {
        // Every other number is the greatest, so that every scale is 1.
        func wholes(_ count: Int, every step: Int) -> [Float] {
          numbers.many(count).enumerated().map { index, x in
            index % step % 2 == 0 ? (x < 0 ? -2047 : 2047) : (x * 1000).rounded()
          }
        }
        let c = numbers.many(m * (n + 3))
        for isExact in [true, false] {
          let a = isExact ? wholes(m * k, every: k) : numbers.many(m * k)
          // Along a column of B[k][n] the places are n apart.
          let b =
            isExact
            ? (0..<k).flatMap { row in row % 2 == 0 ? [Float](repeating: 2047, count: n) : wholes(n, every: n) }
            : numbers.many(k * n)
          grapheion_wholes_pack(n, k, b, n, &packed, &scales)
          var (fast, plain) = (c, c)
          grapheion_wholes_product(m, n, k, a, k, packed, scales, add, &fast, n + 3, &scratch)
          grapheion_sgemm_reference(0, 0, m, n, k, a, k, b, n, add, &plain, n + 3)
          // Half a step of each factor at worst; of exact ones, what the reference's floats lose.
          let bound = Float(k) * (isExact ? 3e-7 * 2047 * 2047 : 1 / 2047)
          let isNear = zip(fast, plain).allSatisfy { abs($0 - $1) <= bound + 1e-6 }
          #expect(isNear, "\(m)x\(n)x\(k), exact: \(isExact)")
        }
      }
    }
  }

  /// A row or column of zeros, or of numbers too small to count, gives zeros and no NaN.
  @Test(.enabled(if: canMultiplyWholes))
  func wholesOfNothingAreNothing() {
    var scratch = [Float](repeating: .nan, count: Int(grapheion_wholes_scratch(16)))
    var packed = [Int16](repeating: -1, count: Int(grapheion_wholes_packed(16, 32)))
    var scales = [Float](repeating: .nan, count: 16)
    for small: Float in [0, .leastNonzeroMagnitude * 7, -1e-36] {
      grapheion_wholes_pack(16, 32, [Float](repeating: small, count: 16 * 32), 16, &packed, &scales)
      var c = [Float](repeating: .nan, count: 6 * 16)
      for other: Float in [0, small, 3] {
        grapheion_wholes_product(
          6, 16, 32, [Float](repeating: other, count: 6 * 32), 32, packed, scales, 0, &c, 16, &scratch)
        #expect(c.allSatisfy { abs($0) <= 1e-30 })
      }
    }
  }

  /// A row of the result is the same to the bit whatever rows stand around it.
  @Test func rowsDoNotDependOnTheirNeighbours() {
    var numbers = Numbers(11)
    let (m, n, k) = (40, 50, 300)
    let (a, b) = (numbers.many(m * k), numbers.many(k * n))
    var scratch = [Float](repeating: 0, count: Int(grapheion_sgemm_scratch(n)))
    var all = [Float](repeating: 0, count: m * n)
    grapheion_sgemm(0, 0, m, n, k, a, k, b, n, 0, &all, n, &scratch)
    for row in 0..<m {
      var one = [Float](repeating: 0, count: n)
      grapheion_sgemm(0, 0, 1, n, k, Array(a[row * k..<(row + 1) * k]), k, b, n, 0, &one, n, &scratch)
      #expect(one == Array(all[row * n..<(row + 1) * n]))
    }
  }

  /// Whether a row stands in a whole tile or at its edge, and whatever it is added to.
  @Test(.enabled(if: grapheion_has_halves() != 0)) func rowsOfHalvesDoNotDependOnTheirNeighbours() {
    var numbers = Numbers(12)
    let (m, n, k) = (40, 50, 500)
    let (a, b, c) = (numbers.many(m * k), numbers.many(k * n), numbers.many(m * n))
    var scratch = [Float](repeating: 0, count: Int(grapheion_halves_scratch(n)))
    var packed = [UInt16](repeating: 0, count: Int(grapheion_halves_packed(n, k)))
    grapheion_halves_pack(0, n, k, b, n, &packed)
    for add in Int32(0)...1 {
      var all = c
      grapheion_halves_product(m, n, k, a, k, packed, add, &all, n, &scratch)
      for row in 0..<m {
        var one = Array(c[row * n..<(row + 1) * n])
        grapheion_halves_product(1, n, k, Array(a[row * k..<(row + 1) * k]), k, packed, add, &one, n, &scratch)
        #expect(one == Array(all[row * n..<(row + 1) * n]))
      }
    }
  }

  @Test func gatheredWindowsAreTheConvolutions() {
    var numbers = Numbers(2)
    for (size, strideX, strideY) in [(3, 1, 2), (3, 2, 2), (5, 2, 2), (3, 1, 1)] {
      for columns in [2, 4, 8] {
        let (height, channels) = (6, 3)
        let line = numbers.many(columns * height * channels)
        var window = grapheion_window(
          height: height, channels: channels, size: size, stride_x: strideX, stride_y: strideY)
        let (outX, outY, depth) = (columns / strideX, height / strideY, size * size * channels)
        var gathered = [Float](repeating: -9, count: outX * outY * depth)
        grapheion_gather(&window, line, columns, 0, outX, &gathered)
        var plain: [Float] = []
        for x in 0..<outX {
          for y in 0..<outY {
            for kx in 0..<size {
              for ky in 0..<size {
                for c in 0..<channels {
                  let (px, py) = (x * strideX + kx - size / 2, y * strideY + ky - size / 2)
                  let inside = (0..<columns).contains(px) && (0..<height).contains(py)
                  plain.append(inside ? line[(px * height + py) * channels + c] : 0)
                }
              }
            }
          }
        }
        #expect(gathered == plain)
        // Gathering a part gives that part.
        var part = [Float](repeating: 0, count: outY * depth)
        grapheion_gather(&window, line, columns, outX - 1, outX, &part)
        #expect(part == Array(plain.suffix(outY * depth)))
        // The way back is the adjoint: <gather x, y> = <x, scatter y>.
        let y = numbers.many(gathered.count)
        var back = [Float](repeating: 0, count: line.count)
        grapheion_scatter(&window, y, columns, 0, outX, &back)
        #expect(abs(dot(gathered, y) - dot(line, back)) < 1e-3)
      }
    }
  }

  @Test(arguments: [1, 5, 16, 33])
  func enlargedMapsAreAddedPlaceByPlace(channels: Int) {
    var numbers = Numbers(8)
    let (rows, columns) = (4, 6)
    let small = numbers.many(rows / 2 * columns / 2 * channels)
    let before = numbers.many(rows * columns * channels)
    var large = before
    grapheion_enlarge_add(rows, columns, channels, small, &large)
    for y in 0..<rows {
      for x in 0..<columns {
        for c in 0..<channels {
          let at = (y * columns + x) * channels + c
          #expect(large[at] == before[at] + small[(y / 2 * columns / 2 + x / 2) * channels + c])
        }
      }
    }
    // The way back is the adjoint.
    let y = numbers.many(large.count)
    var back = [Float](repeating: 0, count: small.count)
    grapheion_enlarge_add_backward(rows, columns, channels, y, &back)
    #expect(abs(dot(zip(large, before).map { $0 - $1 }, y) - dot(small, back)) < 1e-3)
  }

  /// Along a line of frames and over maps three or one rows high.
  @Test(arguments: [1, 16, 32, 64, 70, 192], [(1, 5, 1), (3, 5, 3), (2, 3, 5)])
  func depthwiseStaysWithinItsLine(channels: Int, map: (height: Int, sizeX: Int, sizeY: Int)) {
    var numbers = Numbers(3)
    let starts = [0, 1, 4, 15]
    let (height, sizeX, sizeY) = map
    var shape = grapheion_depthwise_shape(height: height, channels: channels, size_x: sizeX, size_y: sizeY)
    let (input, weights, bias) = (
      numbers.many(15 * height * channels), numbers.many(sizeX * sizeY * channels), numbers.many(channels)
    )
    var out = [Float](repeating: 0, count: input.count)
    grapheion_depthwise(&shape, 3, starts, input, weights, bias, &out)
    var plain = out
    for line in 0..<3 {
      for t in starts[line]..<starts[line + 1] {
        for y in 0..<height {
          for c in 0..<channels {
            var sum = bias[c]
            for i in 0..<sizeX where (starts[line]..<starts[line + 1]).contains(t + i - sizeX / 2) {
              for j in 0..<sizeY where (0..<height).contains(y + j - sizeY / 2) {
                let place = (t + i - sizeX / 2) * height + y + j - sizeY / 2
                sum += weights[(i * sizeY + j) * channels + c] * input[place * channels + c]
              }
            }
            plain[(t * height + y) * channels + c] = sum
          }
        }
      }
    }
    #expect(near(out, plain, 1e-5))
    // Linear in input and weights, so both ways back are adjoints.
    let d = numbers.many(out.count)
    var (dIn, dW, dB) = (
      [Float](repeating: 0, count: input.count), [Float](repeating: 0, count: weights.count),
      [Float](repeating: 0, count: channels)
    )
    grapheion_depthwise_backward(&shape, 3, starts, input, weights, d, &dIn, &dW, &dB)
    let zero = [Float](repeating: 0, count: channels)
    var linear = out
    grapheion_depthwise(&shape, 3, starts, input, weights, zero, &linear)
    let inner = dot(linear, d)
    #expect(abs(inner - dot(input, dIn)) < 1e-3 * max(1, abs(inner)))
    #expect(abs(inner - dot(weights, dW)) < 1e-3 * max(1, abs(inner)))
    for c in 0..<channels {
      let sum = stride(from: c, to: d.count, by: channels).reduce(Float(0)) { $0 + d[$1] }
      #expect(abs(sum - dB[c]) < 1e-4)
    }
  }

  @Test(arguments: [false, true]) func layerNormBothWays(rectified: Bool) {
    var numbers = Numbers(4)
    let (rows, channels) = (5, 37)
    let x = numbers.many(rows * channels)
    let (gain, bias, d) = (numbers.many(channels), numbers.many(channels), numbers.many(rows * channels))
    func forward(_ x: [Float], _ gain: [Float], _ bias: [Float]) -> (y: [Float], mean: [Float], scale: [Float]) {
      var (y, mean, scale) = (x, [Float](repeating: 0, count: rows), [Float](repeating: 0, count: rows))
      grapheion_layer_norm(rows, channels, x, gain, bias, rectified ? 1 : 0, &y, &mean, &scale)
      return (y, mean, scale)
    }
    let (y, mean, scale) = forward(x, gain, bias)
    for r in 0..<rows {
      let row = x[r * channels..<(r + 1) * channels].map(Double.init)
      let m = row.reduce(0, +) / Double(channels)
      let variance = row.reduce(0) { $0 + ($1 - m) * ($1 - m) } / Double(channels)
      for c in 0..<channels {
        var plain = (row[c] - m) / (variance + 1e-5).squareRoot() * Double(gain[c]) + Double(bias[c])
        if rectified { plain = max(0, plain) }
        #expect(abs(plain - Double(y[r * channels + c])) < 1e-4)
      }
    }
    var (dx, dGain, dBias) = (
      d, [Float](repeating: 0, count: channels), [Float](repeating: 0, count: channels)
    )
    dx.withUnsafeMutableBufferPointer { both in  // in place, as training uses it
      y.withUnsafeBufferPointer { y in
        grapheion_layer_norm_backward(
          rows, channels, x, gain, rectified ? y.baseAddress : nil, mean, scale, both.baseAddress!, both.baseAddress!,
          &dGain, &dBias)
      }
    }
    func check(_ name: String, _ index: Int, _ analytic: Float, _ moved: (Float) -> [Float]) {
      let step: Float = 1e-3
      let numeric = (dot(moved(step), d) - dot(moved(-step), d)) / (2 * Double(step))
      #expect(abs(numeric - Double(analytic)) < 2e-2, "\(name)[\(index)]: \(numeric), \(analytic)")
    }
    func plus(_ values: [Float], _ i: Int, _ by: Float) -> [Float] {
      var values = values
      values[i] += by
      return values
    }
    for i in stride(from: 0, to: x.count, by: 11) {
      check("x", i, dx[i]) { forward(plus(x, i, $0), gain, bias).y }
    }
    for c in stride(from: 0, to: channels, by: 5) {
      check("gain", c, dGain[c]) { forward(x, plus(gain, c, $0), bias).y }
      check("bias", c, dBias[c]) { forward(x, gain, plus(bias, c, $0)).y }
    }
  }

  @Test func pointwiseSteps() {
    var numbers = Numbers(5)
    let (rows, channels) = (3, 19)
    let (x, bias) = (numbers.many(rows * channels), numbers.many(channels))
    var (added, rectified, sums) = (x, x, bias)
    grapheion_add_bias(rows, channels, bias, &added)
    grapheion_add_bias_rectify(rows, channels, bias, &rectified)
    grapheion_sum_rows(rows, channels, x, &sums)
    for i in x.indices {
      #expect(added[i] == x[i] + bias[i % channels])
      #expect(rectified[i] == max(0, x[i] + bias[i % channels]))
    }
    for c in 0..<channels {
      #expect(abs(sums[c] - (bias[c] + x[c] + x[channels + c] + x[2 * channels + c])) < 1e-5)
    }
    var gradient = x
    grapheion_rectify_backward(x.count, rectified, &gradient)
    for i in x.indices { #expect(gradient[i] == (rectified[i] > 0 ? x[i] : 0)) }
    var soft = x.map { 30 * $0 }
    grapheion_log_softmax(rows, channels, &soft)
    for r in 0..<rows {
      let sum = soft[r * channels..<(r + 1) * channels].reduce(0.0) { $0 + Double($1).exponential }
      #expect(abs(sum - 1) < 1e-5)
    }
  }

  @Test func adamWFollowsItsDefinition() {
    var numbers = Numbers(6)
    let count = 37
    let gradients = (0..<3).map { _ in numbers.many(count) }
    var parameters = numbers.many(count)
    var (plain, m, v) = (
      parameters.map(Double.init), [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    var (first, second) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
    for (index, g) in gradients.enumerated() {
      let step = Double(index + 1)
      var adamw = grapheion_adamw(
        rate: 0.01, beta1: 0.9, beta2: 0.98, epsilon: 1e-8, decay: 0.1,
        correction1: Float(1 - power(0.9, step)), correction2: Float(1 - power(0.98, step)))
      grapheion_adamw_step(&adamw, count, g, &first, &second, &parameters)
      for i in 0..<count {
        m[i] = 0.9 * m[i] + 0.1 * Double(g[i])
        v[i] = 0.98 * v[i] + 0.02 * Double(g[i]) * Double(g[i])
        let update = (m[i] / (1 - power(0.9, step))) / ((v[i] / (1 - power(0.98, step))).squareRoot() + 1e-8)
        plain[i] -= 0.01 * 0.1 * plain[i] + 0.01 * update
      }
    }
    #expect(near(parameters, plain.map { Float($0) }, 1e-5))
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    (0..<Int(exponent)).reduce(1) { product, _ in product * base }
  }
}

extension Double {
  fileprivate var exponential: Double {
    var (sum, term) = (1.0, 1.0)
    let part = self / 1024
    for n in 1..<20 {
      term *= part / Double(n)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return sum
  }
}
