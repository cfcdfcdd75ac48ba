import CKernels

/// The matrices of a network, known by their place in the layout, and the products with them: forward and back, in floats or in bfloat16.
package struct NetworkMatrices {
  package let floats: UnsafePointer<Float>
  /// Used instead of the floats where they are there: as they stand on the way forward, transposed on the way back.
  private let halves: HalfWeights?
  private let scratch: UnsafeMutablePointer<Float>

  /// - Parameter scratch: room for the widest product (`ReaderKernels.scratch`), which must outlive this.
  package init(floats: UnsafePointer<Float>, halves: HalfWeights?, scratch: FloatBuffer) {
    self.floats = floats
    self.halves = halves
    self.scratch = scratch.pointer
  }

  /// C[m][n] = A[m][k] W[k][n], added to C where `accumulate`.
  package func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ weight: Int, _ c: UnsafeMutablePointer<Float>,
    accumulate: Bool = false
  ) {
    if let packed = halves?.matrix(at: weight) {
      grapheion_halves_product(m, n, k, a, k, packed, accumulate ? 1 : 0, c, n, scratch)
    } else {
      grapheion_sgemm(0, 0, m, n, k, a, k, floats + weight, n, accumulate ? 1 : 0, c, n, scratch)
    }
  }

  /// dW[k][n] += X[m][k]ᵀ dY[m][n].
  package func weightGradient(
    _ m: Int, _ n: Int, _ k: Int, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    _ dw: UnsafeMutablePointer<Float>
  ) {
    if halves != nil {
      grapheion_halves_transposed_product(k, n, m, x, k, dy, n, 1, dw, n, scratch)
    } else {
      grapheion_sgemm(1, 0, k, n, m, x, k, dy, n, 1, dw, n, scratch)
    }
  }

  /// dX[m][k] = dY[m][n] W[k][n]ᵀ; the halves are those of the transposed matrices.
  package func inputGradient(
    _ m: Int, _ n: Int, _ k: Int, _ dy: UnsafePointer<Float>, _ weight: Int, _ dx: UnsafeMutablePointer<Float>
  ) {
    if let packed = halves?.matrix(at: weight) {
      grapheion_halves_product(m, k, n, dy, n, packed, 0, dx, k, scratch)
    } else {
      grapheion_sgemm(0, 1, m, k, n, dy, n, floats + weight, n, 0, dx, k, scratch)
    }
  }
}
