import Tensors
import Testing

/// What a pass records, and what it leaves alone.
struct PassTests {
  @Test func rowGradientsEqualTheDenseOnes() {
    var random = RandomStream(seed: 4)
    let table = Parameter(Tensor(uniform: 1, shape: [6, 3], random: &random))
    let rows: [Int32] = [4, 1, -1, 4, 0]
    let weights = Tensor(uniform: 1, shape: [5, 3], random: &random)

    let sparse = Pass.training(seed: 0)
    let first = sparse.gradients(of: (sparse.gather(table, rows) * weights).sum())
    let dense = Pass.training(seed: 0)
    let second = dense.gradients(of: (dense.read(table).gatherRows(rows) * weights).sum())

    guard case .rows(let entry)? = first[table] else {
      Issue.record("a lookup must leave a row gradient")
      return
    }
    #expect(entry.rows.sorted() == [0, 1, 4])
    #expect(first.dense(table).scalars == second.dense(table).scalars)
  }

  /// Contributions of two lookups are joined, whatever the rank of the table.
  @Test(arguments: [Shape([6]), [6, 3], [6, 2, 3]])
  func twoLookupsAddUp(_ shape: Shape) {
    var random = RandomStream(seed: 4)
    let table = Parameter(Tensor(uniform: 1, shape: shape, random: &random))
    func loss(_ lookUp: ([Int32]) -> Tensor) -> Tensor {
      lookUp([4, 1, -1, 4]).square().sum() + lookUp([0, 1, 3]).exp().sum()
    }
    let sparse = Pass.training(seed: 0)
    let rows = sparse.gradients(of: loss { sparse.gather(table, $0) })
    let dense = Pass.training(seed: 0)
    let whole = dense.gradients(of: loss { dense.read(table).gatherRows($0) })
    #expect(rows.dense(table).scalars == whole.dense(table).scalars)
    // The optimizers walk the rows themselves.
    guard let entry = rows[table] else {
      Issue.record("the lookups left no gradient")
      return
    }
    var (weight, sums) = (table.value, Tensor(zeros: shape))
    AdagradUpdate(learningRate: 1, epsilon: 1).apply(entry, to: &weight, accumulator: &sums)
    #expect(sums.scalars == whole.dense(table).scalars.map { $0 * $0 })
  }

  @Test func aTableReadBothWaysGetsBothGradients() {
    let table = Parameter(Tensor(repeating: 2, shape: [3, 1]))
    let pass = Pass.training(seed: 0)
    let loss = pass.gather(table, [1]).sum() + pass.read(table).square().sum()
    #expect(pass.gradients(of: loss).dense(table).scalars == [4, 5, 4])
  }

  @Test func bagsAverageAndEmptyBagsAreZero() {
    let table = Parameter(Tensor([1, 2, 3, 4], shape: [4, 1]))
    let pooled = Pass.inference().gatherBags(table, values: [0, 3, 2], offsets: [0, 2, 2, 3])
    #expect(pooled.scalars == [2.5, 0, 3])
  }

  @Test func aValueUsedTwiceGetsBothGradients() {
    let x = Parameter(Tensor([3]))
    let pass = Pass.training(seed: 0)
    let value = pass.read(x)
    #expect(pass.gradients(of: (value * value + value).sum()).dense(x).scalars == [7])
  }

  @Test func inferenceRecordsNothing() {
    let x = Parameter(Tensor([3]))
    let pass = Pass.inference()
    #expect(pass.gradients(of: pass.read(x).sum())[x] == nil)
  }

  @Test func buffersAreNotDifferentiated() {
    let buffer = Parameter(Tensor([3]), trainable: false)
    let pass = Pass.training(seed: 0)
    #expect(pass.gradients(of: pass.read(buffer).sum())[buffer] == nil)
  }

  @Test func longSequencesDoNotOverflowTheStack() {
    let x = Parameter(Tensor([1]))
    let pass = Pass.training(seed: 0)
    var value = pass.read(x)
    for _ in 0..<200_000 { value = value + 1 }
    #expect(pass.gradients(of: value.sum()).dense(x).scalars == [1])
  }

  @Test func aPassWithoutABackwardStepDoesNotOverflowTheStack() {
    let x = Parameter(Tensor([1]))
    let pass = Pass.training(seed: 0)
    var value = pass.read(x)
    for _ in 0..<200_000 { value = value + 1 }
    #expect(value.item() == 200_001)
  }

  @Test func aBranchThatTheLossIgnoresDoesNotOverflowTheStack() {
    let x = Parameter(Tensor([1]))
    let pass = Pass.training(seed: 0)
    var ignored = pass.read(x)
    for _ in 0..<200_000 { ignored = ignored + 1 }
    ignored = ignored.detached
    let loss = (pass.read(x) * 3).sum()
    #expect(pass.gradients(of: loss).dense(x).scalars == [3])
  }

  @Test func observationsMoveBuffersWhenApplied() {
    let buffer = Parameter(Tensor([8, 0]), trainable: false)
    let pass = Pass.training(seed: 0)
    pass.observe(buffer, Tensor([0, 4]), momentum: 0.25)
    pass.observe(buffer, Tensor([2, 3]), momentum: 0.5)
    #expect(buffer.value.scalars == [8, 0])
    pass.applyObservations()
    #expect(buffer.value.scalars == [4, 2])
    pass.applyObservations()
    #expect(buffer.value.scalars == [4, 2])
    let inference = Pass.inference()
    inference.observe(buffer, Tensor([0, 0]), momentum: 1)
    inference.applyObservations()
    #expect(buffer.value.scalars == [4, 2])
  }

  @Test func dropoutKeepsTheMeanAndVanishesInInference() {
    let x = Tensor(repeating: 1, shape: [100_000])
    let dropped = dropout(x, rate: 0.3, Pass.training(seed: 8))
    #expect(abs(dropped.mean().item() - 1) < 0.01)
    #expect(Set(dropped.scalars).count == 2)
    #expect(dropout(x, rate: 0.3, Pass.inference()).scalars == x.scalars)
    #expect(dropout(x, rate: 0.3, Pass.training(seed: 8)).scalars == dropped.scalars)
  }
}
