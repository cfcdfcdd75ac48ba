import CKernels

/// The matrices of a network, known by their place in the layout, and the products with them: forward and back, in floats or in shorter numbers.
package struct NetworkMatrices {
  package let floats: UnsafePointer<Float>
  /// Used instead of the floats where they are there: as they stand on the way forward, transposed on the way back.
  private let packed: PackedWeights?
  private let scratch: UnsafeMutablePointer<Float>

  /// - Parameter scratch: room for the widest product (`ReaderKernels.scratch`), which must outlive this.
  package init(floats: UnsafePointer<Float>, packed: PackedWeights?, scratch: FloatBuffer) {
    self.floats = floats
    self.packed = packed
    self.scratch = scratch.pointer
  }

  /// C[m][n] = A[m][k] W[k][n], added to C where `accumulate`.
  package func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ weight: Int, _ c: UnsafeMutablePointer<Float>,
    accumulate: Bool = false
  ) {
    if packed?.product(m, n, k, a, weight, c, accumulate: accumulate, scratch: scratch) != true {
      grapheion_sgemm(0, 0, m, n, k, a, k, floats + weight, n, accumulate ? 1 : 0, c, n, scratch)
    }
  }

  /// A factor that is no weight: rows so many floats apart; of a turned one rows and columns change places.
  package struct Factor {
    let pointer: UnsafePointer<Float>
    let pitch: Int
    let isTurned: Bool

    package init(_ pointer: UnsafeMutablePointer<Float>, pitch: Int, isTurned: Bool = false) {
      (self.pointer, self.pitch, self.isTurned) = (UnsafePointer(pointer), pitch, isTurned)
    }
  }

  /// C[m][n] = A[m][k] B[k][n], added to C where `accumulate`.
  package func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: Factor, _ b: Factor, _ c: UnsafeMutablePointer<Float>, pitch: Int,
    accumulate: Bool = false
  ) {
    let product = packed?.form == .halves ? grapheion_halves_gemm : grapheion_sgemm
    product(
      a.isTurned ? 1 : 0, b.isTurned ? 1 : 0, m, n, k, a.pointer, a.pitch, b.pointer, b.pitch, accumulate ? 1 : 0, c,
      pitch, scratch)
  }

  /// dW[k][n] += X[m][k]ᵀ dY[m][n].
  package func weightGradient(
    _ m: Int, _ n: Int, _ k: Int, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    _ dw: UnsafeMutablePointer<Float>
  ) {
    if packed?.form == .halves {
      grapheion_halves_gemm(1, 0, k, n, m, x, k, dy, n, 1, dw, n, scratch)
    } else {
      grapheion_sgemm(1, 0, k, n, m, x, k, dy, n, 1, dw, n, scratch)
    }
  }

  /// dX[m][k] = dY[m][n] W[k][n]ᵀ; packed are the transposed matrices.
  package func inputGradient(
    _ m: Int, _ n: Int, _ k: Int, _ dy: UnsafePointer<Float>, _ weight: Int, _ dx: UnsafeMutablePointer<Float>
  ) {
    if packed?.product(m, k, n, dy, weight, dx, accumulate: false, scratch: scratch) != true {
      grapheion_sgemm(0, 1, m, k, n, dy, n, floats + weight, n, 0, dx, k, scratch)
    }
  }
}
