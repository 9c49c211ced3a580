/// Matrix product of [M, K] and [K, N], or of two batches [B, M, K] and [B, K, N].
///
/// A transposed operand is given as [K, M] or [N, K]; nothing is copied. O(B · M · N · K).
public func matmul(
  _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false
) -> Tensor {
  let (left, right) = (a.detached, b.detached)
  let output = product(left, right, transposeA, transposeB)
  return traced(output, a, b) { gradient in
    a.node.accumulate(
      transposeA
        ? product(right, gradient, transposeB, true)
        : product(gradient, right, false, !transposeB))
    b.node.accumulate(
      transposeB
        ? product(gradient, left, true, transposeA)
        : product(left, gradient, !transposeA, false))
  }
}

/// The product without a trace.
func product(_ a: Tensor, _ b: Tensor, _ transposeA: Bool, _ transposeB: Bool) -> Tensor {
  precondition(
    a.shape.rank == b.shape.rank && (a.shape.rank == 2 || a.shape.rank == 3),
    "matmul of shapes \(a.shape) and \(b.shape)")
  let batches = a.shape.rank == 3 ? a.shape[0] : 1
  let (m, k) = transposeA ? (a.shape[-1], a.shape[-2]) : (a.shape[-2], a.shape[-1])
  let (inner, n) = transposeB ? (b.shape[-1], b.shape[-2]) : (b.shape[-2], b.shape[-1])
  precondition(
    k == inner && (a.shape.rank == 2 || b.shape[0] == batches),
    "matmul of shapes \(a.shape)\(transposeA ? "ᵀ" : "") and \(b.shape)\(transposeB ? "ᵀ" : "")")
  let shape: Shape = a.shape.rank == 3 ? [batches, m, n] : [m, n]
  if k == 0 { return Tensor(zeros: shape) }
  return Tensor.unsafeUninitialized(shape) { out in
    guard m > 0, n > 0 else { return }
    for batch in 0..<batches {
      Gemm.multiply(
        m: m, n: n, k: k, alpha: 1, a: a.storage.pointer + batch * m * k, lda: transposeA ? m : k,
        transposeA: transposeA, b: b.storage.pointer + batch * k * n, ldb: transposeB ? k : n,
        transposeB: transposeB, beta: 0, c: out + batch * m * n, ldc: n)
    }
  }
}

extension Tensor {
  /// Adds `x · weight[:, columns]ᵀ` in place and outside any trace: what some columns of a linear
  /// layer's input contribute to its sums, read where the weights lie.
  ///
  /// - Parameters:
  ///   - x: `[rows, columns.count]`; this tensor is `[rows, outputs]`.
  ///   - weight: `[outputs, inputs]`.
  package mutating func addProduct(_ x: Tensor, _ weight: Tensor, columns: Range<Int>) {
    let (rows, outputs) = (shape[0], shape[1])
    precondition(
      x.shape == [rows, columns.count] && weight.shape[0] == outputs
        && columns.lowerBound >= 0 && columns.upperBound <= weight.shape[1],
      "columns \(columns) of weight \(weight.shape) times \(x.shape) added to \(shape)")
    withUnsafeMutablePointer { out in
      Gemm.multiply(
        m: rows, n: outputs, k: columns.count, a: x.storage.pointer, lda: max(columns.count, 1),
        b: weight.storage.pointer + columns.lowerBound, ldb: weight.shape[1], transposeB: true,
        beta: 1, c: out, ldc: outputs)
    }
  }
}
