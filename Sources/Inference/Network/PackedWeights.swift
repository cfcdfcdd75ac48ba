import CKernels

/// The matrices of a network in shorter numbers, packed for the fastest product that the processor has: made once, read by all threads. A line is read up to
/// twice as fast.
///
/// In bfloat16 (AVX-512 BF16) products carry 8 bits of mantissa, sums 24: logits move by some hundredths. In whole numbers of twelve bits (AVX2) each
/// column of a matrix has a scale, and each row that is multiplied by it: logits move by some thousandths.
public final class PackedWeights: @unchecked Sendable {
  public enum Form: String, Sendable {
    case halves = "bfloat16"
    case wholes = "whole numbers"
  }

  /// What is fastest here for reading; nil where plain floats are.
  public static let form: Form? = grapheion_has_halves() != 0 ? .halves : grapheion_has_wholes() != 0 ? .wholes : nil

  public let form: Form
  // Written by `init` and `update` alone, which nothing else may accompany.
  private let numbers: UnsafeMutablePointer<UInt16>
  /// Of whole numbers: a scale for each column of each matrix.
  private let scales: FloatBuffer
  private let matrices: [Matrix]
  /// Which matrix stands at an offset in the layout.
  private let places: [Int: Int]
  private let areTransposed: Bool

  private struct Matrix {
    let tensor: ReaderLayout.Tensor
    let start: Int
    let scales: Int
  }

  /// nil where the processor has no use for them.
  ///
  /// - Parameters:
  ///   - isTraining: whether they serve to learn: for that whole numbers will not do.
  ///   - transposed: whether the matrices are to be multiplied by as they stand, or transposed. Whole numbers only stand.
  public init?(
    _ layout: some NetworkLayout, _ weights: UnsafePointer<Float>, isTraining: Bool = false, transposed: Bool = false
  ) {
    guard let form = Self.form, form == .halves || !isTraining else { return nil }
    precondition(form == .halves || !transposed)
    self.form = form
    areTransposed = transposed
    var matrices: [Matrix] = []
    var (count, columns) = (0, 0)
    // Depthwise filters are no products.
    for tensor in layout.tensors where !tensor.isVector && !tensor.name.hasSuffix("depthwise.weight") {
      matrices.append(Matrix(tensor: tensor, start: count, scales: columns))
      let (n, k) = transposed ? (tensor.rows, tensor.columns) : (tensor.columns, tensor.rows)
      count += form == .halves ? grapheion_halves_packed(n, k) : grapheion_wholes_packed(n, k)
      columns += n
    }
    self.matrices = matrices
    places = Dictionary(uniqueKeysWithValues: matrices.indices.map { (matrices[$0].tensor.offset, $0) })
    numbers = UnsafeMutableRawPointer.allocate(byteCount: 2 * count, alignment: 64)
      .bindMemory(to: UInt16.self, capacity: count)
    scales = FloatBuffer(capacity: form == .halves ? 0 : columns)
    update(weights)
  }

  deinit { numbers.deallocate() }

  /// Packs other weights of the same network; nobody may read meanwhile.
  public func update(_ weights: UnsafePointer<Float>) {
    for matrix in matrices {
      let tensor = matrix.tensor
      let (n, k) = areTransposed ? (tensor.rows, tensor.columns) : (tensor.columns, tensor.rows)
      let (from, to) = (weights + tensor.offset, numbers + matrix.start)
      switch form {
      case .halves: grapheion_halves_pack(areTransposed ? 1 : 0, n, k, from, tensor.columns, to)
      case .wholes:
        to.withMemoryRebound(to: Int16.self, capacity: grapheion_wholes_packed(n, k)) {
          grapheion_wholes_pack(n, k, from, tensor.columns, $0, scales.pointer + matrix.scales)
        }
      }
    }
  }

  /// C[m][n] = A[m][k] B[k][n] with B the matrix at `offset` in the layout (or that transposed), added to C where `accumulate`; false where none stands there.
  func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ offset: Int, _ c: UnsafeMutablePointer<Float>,
    accumulate: Bool, scratch: UnsafeMutablePointer<Float>
  ) -> Bool {
    guard let place = places[offset] else { return false }
    let matrix = matrices[place]
    let packed = UnsafePointer(numbers + matrix.start)
    switch form {
    case .halves: grapheion_halves_product(m, n, k, a, k, packed, accumulate ? 1 : 0, c, n, scratch)
    case .wholes:
      packed.withMemoryRebound(to: Int16.self, capacity: grapheion_wholes_packed(n, k)) {
        grapheion_wholes_product(
          m, n, k, a, k, $0, scales.pointer + matrix.scales, accumulate ? 1 : 0, c, n, scratch)
      }
    }
    return true
  }
}
