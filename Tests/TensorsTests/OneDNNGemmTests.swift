import Tensors
import Testing

@Suite struct OneDNNGemmTests {
  @Test(arguments: [(1, 1, 1), (3, 5, 7), (17, 33, 9), (64, 1, 128), (1, 70, 30), (40, 40, 0)])
  func matchesTheDefinition(m: Int, n: Int, k: Int) {
    for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
      for (alpha, beta) in [(1.0, 0.0), (0.5, 1.0), (-2.0, 0.25)] {
        let lda = (transposeA ? m : k) + 3
        let ldb = (transposeB ? k : n) + 1
        let ldc = n + 2
        let a = values(lda * max(transposeA ? k : m, 1), 0.37)
        let b = values(ldb * max(transposeB ? n : k, 1), 0.73)
        let before = values(ldc * m, 0.11)
        var c = beta == 0 ? before.map { _ in Scalar.nan } : before
        Gemm.multiply(
          m: m, n: n, k: k, alpha: Scalar(alpha), a: a, lda: lda, transposeA: transposeA,
          b: b, ldb: ldb, transposeB: transposeB, beta: Scalar(beta), c: &c, ldc: ldc)
        for i in 0..<m {
          for j in 0..<n {
            var sum = 0.0
            for p in 0..<k {
              sum +=
                Double(transposeA ? a[p * lda + i] : a[i * lda + p])
                * Double(transposeB ? b[j * ldb + p] : b[p * ldb + j])
            }
            let expected = alpha * sum + beta * Double(before[i * ldc + j])
            #expect(
              abs(Double(c[i * ldc + j]) - expected) <= 1e-5 * (1 + abs(expected)),
              "row \(i), column \(j), transposed \(transposeA) \(transposeB)")
          }
        }
      }
    }
  }

  private func values(_ count: Int, _ step: Double) -> [Scalar] {
    (0..<count).map { Scalar(($0 % 97) % 13 - 6) * Scalar(step) }
  }
}
