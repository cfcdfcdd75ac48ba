import CKernels
import Platform
import Testing

@testable import Inference

/// Products with matrices as files store them: every path beside the same product of plain numbers.
@Suite struct StoredKernelTests {
  private static let kinds: [GGUFTensor.Kind] = DecoderWeights.kinds
  private static var paths: [Int32] { Array(0...grapheion_stored_best()) }

  /// Blocks of a kind by chance, their scales being numbers of reasonable size.
  static func blocks(_ kind: GGUFTensor.Kind, _ count: Int, _ dice: inout SplitMix64) -> [UInt8] {
    var bytes: [UInt8] = []
    func half(_ value: Float) -> [UInt8] { withUnsafeBytes(of: Float16(value).bitPattern.littleEndian) { Array($0) } }
    for _ in 0..<count {
      var block = (0..<kind.blockBytes).map { _ in UInt8.random(in: .min ... .max, using: &dice) }
      let scale = half(Float.random(in: -0.1...0.1, using: &dice))
      switch kind {
      case .f32: block = withUnsafeBytes(of: Float.random(in: -1...1, using: &dice)) { Array($0) }
      case .f16: block = half(Float.random(in: -1...1, using: &dice))
      case .bf16:
        block = withUnsafeBytes(of: UInt16(Float.random(in: -1...1, using: &dice).bitPattern >> 16)) { Array($0) }
      case .q4_0, .q8_0: block.replaceSubrange(0..<2, with: scale)
      case .q4_K, .q5_K: block.replaceSubrange(0..<4, with: scale + half(Float.random(in: 0...0.1, using: &dice)))
      default: block.replaceSubrange(208..<210, with: scale)
      }
      bytes += block
    }
    return bytes
  }

  /// What a rounded column stands for.
  private static func numbers(_ kind: GGUFTensor.Kind, _ column: UnsafeRawPointer, _ k: Int) -> [Float] {
    let floats = column.assumingMemoryBound(to: Float.self)
    guard kind.blockSize > 1 else { return Array(UnsafeBufferPointer(start: floats, count: k)) }
    let bytes = column + 4 * (k / 32) + 4 * (k / (kind == .q6_K ? 16 : 32))
    return (0..<k).map { floats[$0 / 32] * Float(bytes.load(fromByteOffset: $0, as: Int8.self)) }
  }

  @Test(arguments: kinds) func everyPathMultipliesAlike(_ kind: GGUFTensor.Kind) throws {
    var dice = SplitMix64(seed: UInt64(kind.rawValue))
    let number = Int32(kind.rawValue)
    for (rows, k) in [(37, 768), (16, 256), (1, 512)] + (kind.blockSize <= 32 ? [(19, 96)] : []) {
      let pitch = grapheion_stored_bytes(number, k)
      let matrix = Self.blocks(kind, rows * k / kind.blockSize, &dice)
      #expect(matrix.count == rows * pitch)
      var values = [Float](repeating: 0, count: rows * k)
      matrix.withUnsafeBytes { kind.decode?($0.baseAddress!, rows * k / kind.blockSize, &values) }
      for m in [1, 2, 3, 4, 5, 8, 12, 13, 20] {
        let x = (0..<m * k).map { _ in Float.random(in: -2...2, using: &dice) }
        let stride = grapheion_rounded_bytes(number, k)
        let columns = UnsafeMutableRawPointer.allocate(byteCount: m * stride, alignment: 64)
        let panel = UnsafeMutableRawPointer.allocate(byteCount: grapheion_panel_bytes(number, k), alignment: 64)
        defer {
          columns.deallocate()
          panel.deallocate()
        }
        grapheion_round_columns(number, m, k, x, k, columns, stride)
        var expected = [Float](repeating: 0, count: m * rows)
        // What rounding goes by: sums of many terms may come out near nothing.
        var magnitude = 0.0
        for c in 0..<m {
          let column = Self.numbers(kind, columns + c * stride, k)
          // Rounding is to half a step of a block.
          for i in 0..<k { #expect(abs(column[i] - x[c * k + i]) <= 0.01) }
          for r in 0..<rows {
            let terms = (0..<k).map { Double(values[r * k + $0]) * Double(column[$0]) }
            expected[c * rows + r] = Float(terms.reduce(0, +))
            magnitude = max(magnitude, terms.reduce(0) { $0 + abs($1) })
          }
        }
        for path in Self.paths {
          var out = [Float](repeating: .nan, count: m * rows)
          grapheion_stored_rows(path, number, k, matrix, pitch, rows, m, columns, stride, &out, rows)
          Self.compare(out, expected, Float(magnitude), "rows, path \(path), \(m) columns")
          out = [Float](repeating: .nan, count: m * rows)
          grapheion_stored_product(path, number, k, matrix, pitch, rows, m, columns, stride, &out, rows, panel)
          Self.compare(out, expected, Float(magnitude), "panels, path \(path), \(m) columns")
        }
      }
    }
  }

  private static func compare(_ out: [Float], _ expected: [Float], _ magnitude: Float, _ what: Comment) {
    let error = zip(out, expected).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
    #expect(!out.contains(where: \.isNaN) && error <= 1e-6 * magnitude + 1e-5, what)
  }

  /// Kinds that are said by a table and by code agree, and super-blocks are as ggml describes them.
  @Test(arguments: kinds) func valuesAreThoseOfTheTable(_ kind: GGUFTensor.Kind) throws {
    var dice = SplitMix64(seed: UInt64(kind.rawValue))
    let block = Self.blocks(kind, 1, &dice)
    var table = [Float](repeating: 0, count: kind.blockSize)
    var code = table
    block.withUnsafeBytes { kind.decode?($0.baseAddress!, 1, &table) }
    grapheion_stored_values(Int32(kind.rawValue), kind.blockSize, block, &code)
    #expect(zip(table, code).allSatisfy { abs($0 - $1) <= 1e-6 * abs($0) + 1e-7 })
    func half(_ at: Int) -> Float { Float(Float16(bitPattern: UInt16(block[at]) | UInt16(block[at + 1]) << 8)) }
    func six(_ g: Int) -> (Float, Float) {
      let s = block[4..<16].map(Int.init)
      return g < 4
        ? (Float(s[g] & 63), Float(s[g + 4] & 63))
        : (Float(s[g + 4] & 15 | (s[g - 4] >> 6) << 4), Float(s[g + 4] >> 4 | (s[g] >> 6) << 4))
    }
    for i in 0..<kind.blockSize {
      let g = i / 32
      switch kind {
      case .q4_K, .q5_K:
        let at = (kind == .q4_K ? 16 : 48) + i / 64 * 32 + i % 32
        let high = kind == .q5_K ? Int(block[16 + i % 32] >> UInt8(g) & 1) << 4 : 0
        let q = Int(i / 32 % 2 == 0 ? block[at] & 15 : block[at] >> 4) | high
        let (scale, least) = six(g)
        #expect(abs(code[i] - (half(0) * scale * Float(q) - half(2) * least)) < 1e-3)
      case .q6_K:
        let (n, l) = (i / 128, i % 128)
        let low = block[64 * n + l % 64]
        let high = Int(block[128 + 32 * n + l % 32] >> UInt8(l / 32 * 2) & 3) << 4
        let q = Int(l < 64 ? low & 15 : low >> 4) | high
        #expect(abs(code[i] - half(208) * Float(Int8(bitPattern: block[192 + i / 16])) * Float(q - 32)) < 1e-3)
      default: break
      }
    }
  }

  @Test func rowsAreMixedAlike() throws {
    var dice = SplitMix64(seed: 3)
    for kind in [GGUFTensor.Kind.f16, .q8_0] {
      let number = Int32(kind.rawValue)
      for (n, count, m) in [(64, 33, 13), (32, 5, 1), (128, 7, 4), (96, 3, 9)] {
        let x = (0..<count * n).map { _ in Float.random(in: -3...3, using: &dice) }
        let pitch = grapheion_stored_bytes(number, n)
        var rows = [UInt8](repeating: 0, count: count * pitch)
        var values = [Float](repeating: 0, count: count * n)
        for r in 0..<count {
          rows.withUnsafeMutableBytes { buffer in
            Array(x[r * n..<(r + 1) * n]).withUnsafeBufferPointer {
              grapheion_store_row(number, n, $0.baseAddress!, buffer.baseAddress! + r * pitch)
            }
            values.withUnsafeMutableBufferPointer {
              grapheion_stored_values(number, n, buffer.baseAddress! + r * pitch, $0.baseAddress! + r * n)
            }
          }
        }
        #expect(zip(x, values).allSatisfy { abs($0 - $1) < 0.02 })
        let weights = (0..<m * count).map { _ in Float.random(in: 0...1, using: &dice) }
        for path in Self.paths {
          var out = [Float](repeating: 1, count: m * n)
          grapheion_stored_mix(path, number, n, rows, pitch, count, m, weights, count, &out, n)
          for c in 0..<m {
            for i in 0..<n {
              let sum = (0..<count).reduce(1.0) { $0 + Double(weights[c * count + $1]) * Double(values[$1 * n + i]) }
              #expect(abs(Double(out[c * n + i]) - sum) < 1e-3)
            }
          }
        }
      }
    }
  }

  @Test func exponentialsAreExact() {
    var x = (0..<2000).map { Float($0) * 0.01 - 15 }
    let largest = x.max()!
    let sum = x.reduce(0.0) { $0 + _exp(Double($1 - largest)) }
    #expect(abs(Double(grapheion_log_sum(x.count, x)) - (Double(largest) + _log(sum))) < 1e-4)
    let expected = x.map { _exp(Double($0 - largest)) / sum }
    grapheion_softmax(x.count, 1, &x)
    #expect(zip(x, expected).allSatisfy { abs(Double($0) - $1) <= 2e-6 * $1 + 1e-12 })
  }

  private func _exp(_ x: Double) -> Double { ReferenceDecoder.exponential(x) }
  private func _log(_ x: Double) -> Double { ReferenceDecoder.logarithm(x) }
}
