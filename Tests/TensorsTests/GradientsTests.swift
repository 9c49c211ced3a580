import Tensors
import Testing

/// Gradients as values: their norm, and what they refuse to hand to C.
struct GradientsTests {
  @Test(arguments: [1, 31, 32, 33, 100, 1000])
  func theNormEqualsAPlainLoop(count: Int) {
    var random = RandomStream(seed: UInt64(count))
    let (whole, table) = (Parameter(Tensor(zeros: [count])), Parameter(Tensor(zeros: [5, 3])))
    let dense = Tensor(normal: 1, shape: [count], random: &random)
    let rows = Tensor(normal: 1, shape: [2, 3], random: &random)
    var gradients = Gradients()
    gradients[whole] = .dense(dense)
    gradients[table] = .rows(RowGradient(rows: [4, 1], values: rows))
    let expected = (dense.scalars + rows.scalars).reduce(0.0) { $0 + Double($1) * Double($1) }
    let norm = gradients.norm(of: [whole, table, Parameter(Tensor([1]))])
    #expect(abs(norm - expected.squareRoot()) < 1e-12 * norm)
  }

  @Test func theNormOfHugeGradientsIsFinite() {
    let parameter = Parameter(Tensor(zeros: [2]))
    var gradients = Gradients()
    gradients[parameter] = .dense(Tensor([3e25, -4e25]))
    #expect(abs(gradients.norm(of: [parameter]) / 5e25 - 1) < 1e-6)
    gradients[parameter] = .dense(Tensor([3e-30, 4e-30]))
    #expect(abs(gradients.norm(of: [parameter]) / 5e-30 - 1) < 1e-6)
  }

  // MARK: What would make the kernels leave their memory

  @Test func rowsOutsideTheTableStop() async {
    await #expect(processExitsWith: .failure) {
      _ = RowGradient(rows: [3], values: Tensor(zeros: [1, 2])).dense(shape: [3, 2])
    }
    await #expect(processExitsWith: .failure) {
      _ = RowGradient(rows: [-1], values: Tensor(zeros: [1, 2])).dense(shape: [3, 2])
    }
  }

  @Test func rowsOfAnotherWidthStop() async {
    await #expect(processExitsWith: .failure) {
      _ = RowGradient(rows: [0, 1], values: Tensor(zeros: [2, 4])).dense(shape: [3, 2])
    }
  }

  @Test func sparseStepsOutsideTheTableStop() async {
    await #expect(processExitsWith: .failure) {
      var (weight, sums) = (Tensor(zeros: [3, 2]), Tensor(zeros: [3, 2]))
      AdagradUpdate(learningRate: 1, epsilon: 1).apply(
        .rows(RowGradient(rows: [3], values: Tensor(zeros: [1, 2]))), to: &weight,
        accumulator: &sums)
    }
    await #expect(processExitsWith: .failure) {
      var (weight, sums) = (Tensor(zeros: [3, 2]), Tensor(zeros: [3, 2]))
      AdagradUpdate(learningRate: 1, epsilon: 1).apply(
        .rows(RowGradient(rows: [2], values: Tensor(zeros: [1, 1]))), to: &weight,
        accumulator: &sums)
    }
  }

  @Test func offsetsThatDoNotStartAtZeroStop() async {
    await #expect(processExitsWith: .failure) {
      _ = meanOfSegments(Tensor(zeros: [3, 2]), offsets: [-1, 3])
    }
    await #expect(processExitsWith: .failure) {
      _ = meanOfSegments(Tensor(zeros: [3, 2]), offsets: [1, 3])
    }
  }
}
