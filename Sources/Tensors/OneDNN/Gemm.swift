import CDNNL
import CKernels

/// General matrix multiplication over plain row-major memory.
package enum Gemm {
  /// `C = alpha · op(A) · op(B) + beta · C`, where `op(A)` is `[m, k]`, `op(B)` is `[k, n]`, `C` is
  /// `[m, n]` and `op` transposes if asked to.
  ///
  /// `lda`, `ldb` and `ldc` are the row lengths of the matrices as they lie in memory: `lda` is at
  /// least `k`, or `m` where `A` is transposed. With `beta` 0, the old contents of `C` are not read.
  /// Runs on the calling thread only. Complexity: O(m · n · k).
  package static func multiply(
    m: Int, n: Int, k: Int, alpha: Scalar = 1,
    a: UnsafePointer<Scalar>, lda: Int, transposeA: Bool = false,
    b: UnsafePointer<Scalar>, ldb: Int, transposeB: Bool = false,
    beta: Scalar = 0, c: UnsafeMutablePointer<Scalar>, ldc: Int
  ) {
    precondition(
      lda >= max(1, transposeA ? m : k) && ldb >= max(1, transposeB ? k : n) && ldc >= max(1, n),
      "row lengths \(lda), \(ldb), \(ldc) are too short for m \(m), n \(n), k \(k)")
    guard m > 0, n > 0 else { return }
    guard k > 0 else {
      for row in 0..<m {
        for column in row * ldc..<row * ldc + n { c[column] = beta == 0 ? 0 : beta * c[column] }
      }
      return
    }
    #if DOUBLE_PRECISION
      vitrine_gemm_double(
        m, n, k, alpha, a, lda, transposeA, b, ldb, transposeB, beta, c, ldc)
    #else
      WorkerThread.limitToOneThread()
      let none = CChar(UInt8(ascii: "N"))
      let transposed = CChar(UInt8(ascii: "T"))
      let status = dnnl_sgemm(
        transposeA ? transposed : none, transposeB ? transposed : none,
        dnnl_dim_t(m), dnnl_dim_t(n), dnnl_dim_t(k), alpha, a, dnnl_dim_t(lda),
        b, dnnl_dim_t(ldb), beta, c, dnnl_dim_t(ldc))
      precondition(status == dnnl_success, "dnnl_sgemm failed with status \(status)")
    #endif
  }
}
