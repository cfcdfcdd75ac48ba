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

  /// nil where the processor cannot use them.
  public init?(_ layout: ReaderLayout, _ weights: UnsafePointer<Float>) {
    guard Self.areSupported else { return nil }
    // Depthwise filters are no products.
    let tensors = layout.tensors.filter { !$0.isVector && !$0.name.hasSuffix("depthwise.weight") }
    var matrices: [(tensor: ReaderLayout.Tensor, start: Int)] = []
    var count = 0
    for tensor in tensors {
      matrices.append((tensor, count))
      count += grapheion_halves_packed(tensor.columns, tensor.rows)
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
      grapheion_halves_pack(
        0, tensor.columns, tensor.rows, weights + tensor.offset, tensor.columns, halves + start)
    }
  }

  /// The packed matrix that stands at `offset` in the layout.
  func matrix(at offset: Int) -> UnsafePointer<UInt16>? {
    starts[offset].map { UnsafePointer(halves + $0) }
  }
}
