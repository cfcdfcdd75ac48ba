import CKernels

/// The matrices of a network rounded to bfloat16 and packed for `grapheion_halves_product`: made once, read by all threads.
///
/// Where the processor has the instructions a line is read twice as fast. Products carry 8 bits of mantissa, sums 24: logits move by
/// some hundredths.
public final class HalfWeights: @unchecked Sendable {
  // Written by `init` and `update` alone, which nothing else may accompany.
  private let halves: UnsafeMutablePointer<UInt16>
  private let matrices: [(tensor: ReaderLayout.Tensor, start: Int)]
  /// Where the matrix begins that stands at an offset in the layout.
  private let starts: [Int: Int]

  /// Whether this processor can use them.
  public static let areSupported = grapheion_has_halves() != 0

  private let areTransposed: Bool

  /// nil where the processor cannot use them.
  ///
  /// - Parameter transposed: whether the matrices are to be multiplied by as they stand, or transposed.
  public init?(_ layout: some NetworkLayout, _ weights: UnsafePointer<Float>, transposed: Bool = false) {
    guard Self.areSupported else { return nil }
    areTransposed = transposed
    // Depthwise filters are no products.
    let tensors = layout.tensors.filter { !$0.isVector && !$0.name.hasSuffix("depthwise.weight") }
    var matrices: [(tensor: ReaderLayout.Tensor, start: Int)] = []
    var count = 0
    for tensor in tensors {
      matrices.append((tensor, count))
      count +=
        transposed
        ? grapheion_halves_packed(tensor.rows, tensor.columns) : grapheion_halves_packed(tensor.columns, tensor.rows)
    }
    self.matrices = matrices
    starts = Dictionary(uniqueKeysWithValues: matrices.map { ($0.tensor.offset, $0.start) })
    halves = .allocate(capacity: count)
    update(weights)
  }

  deinit { halves.deallocate() }

  /// Packs other weights of the same network; nobody may read meanwhile.
  public func update(_ weights: UnsafePointer<Float>) {
    for (tensor, start) in matrices {
      let (n, k) = areTransposed ? (tensor.rows, tensor.columns) : (tensor.columns, tensor.rows)
      grapheion_halves_pack(areTransposed ? 1 : 0, n, k, weights + tensor.offset, tensor.columns, halves + start)
    }
  }

  /// The packed matrix that stands at `offset` in the layout.
  package func matrix(at offset: Int) -> UnsafePointer<UInt16>? {
    starts[offset].map { UnsafePointer(halves + $0) }
  }
}
