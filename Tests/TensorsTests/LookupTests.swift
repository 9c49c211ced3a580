import Tensors
import Testing

/// Gradients of lookups, and steps that touch single rows, on both sides of where threads help.
struct LookupTests {
  @Test(arguments: [1, 3, 16], [7, 40_000])
  func rowsAddUpInTheOrderGiven(width: Int, count: Int) {
    var random = RandomStream(seed: 3)
    let table = Parameter(Tensor(zeros: [5000, width]))
    var expected = [Scalar](repeating: 0, count: 5000 * width)
    let lookups = (0..<2).map { _ in
      let rows = (0..<count).map { _ in Int32(random.next(below: 5001)) - 1 }
      return (rows: rows, upstream: Tensor(normal: 1, shape: [count, width], random: &random))
    }
    let pass = Pass.training(seed: 1)
    let terms = lookups.map { (pass.gather(table, $0.rows) * $0.upstream).sum() }
    let found = pass.gradients(of: terms[0] + terms[1])
    // A tape runs backwards: the last lookup contributes first.
    for lookup in lookups.reversed() {
      let values = lookup.upstream.scalars
      for (index, row) in lookup.rows.enumerated() where row >= 0 {
        for column in 0..<width {
          expected[Int(row) * width + column] += values[index * width + column]
        }
      }
    }
    guard case .rows(let rows)? = found[table] else { return #expect(Bool(false)) }
    #expect(Set(rows.rows).count == rows.rows.count)
    #expect(rows.rows.allSatisfy { (0..<5000).contains($0) })
    #expect(found.dense(table).scalars == expected)
  }

  @Test(arguments: [1, 5, 16], [9, 20_000])
  func aStepOnRowsIsAStepOnTheTable(width: Int, count: Int) {
    var random = RandomStream(seed: 4)
    let shape: Shape = [30_000, width]
    let start = Tensor(normal: 1, shape: shape, random: &random)
    let rows = (0..<Int32(30_000)).shuffled(using: &random).prefix(count)
    let gradient = RowGradient(
      rows: Array(rows), values: Tensor(normal: 1, shape: [count, width], random: &random))
    let update = AdamUpdate(
      stepSize: 0.1, beta1: 0.9, beta2: 0.999, correction2: 0.5, epsilon: 1e-8, keep: 0.99)
    var sparse = (weight: start, first: Tensor(zeros: shape), second: Tensor(zeros: shape))
    var dense = sparse
    update.apply(
      .rows(gradient), to: &sparse.weight, first: &sparse.first, second: &sparse.second)
    update.apply(
      .dense(gradient.dense(shape: shape)), to: &dense.weight, first: &dense.first,
      second: &dense.second)
    let (a, b, before) = (sparse.weight.scalars, dense.weight.scalars, start.scalars)
    let touched = Set(rows.map(Int.init))
    var farthest: Scalar = 0
    for index in a.indices {
      let expected = touched.contains(index / width) ? b[index] : before[index]
      farthest = max(farthest, abs(a[index] - expected))
    }
    #expect(farthest < 1e-6)
  }

  @Test func aRectifiedMapIsTheMapAndTheRectifier() {
    var random = RandomStream(seed: 5)
    let x = Tensor(normal: 1, shape: [33, 2, 9], random: &random)
    let parameters = [
      Parameter(x), Parameter(Tensor(normal: 1, shape: [21, 9], random: &random)),
      Parameter(Tensor(normal: 1, shape: [21], random: &random)),
    ]
    let upstream = Tensor(normal: 1, shape: [33, 2, 21], random: &random)
    func run(_ map: ([Tensor]) -> Tensor) -> (Tensor, [[Scalar]]) {
      let pass = Pass.training(seed: 1)
      let value = map(parameters.map(pass.read))
      let found = pass.gradients(of: (value * upstream).sum())
      return (value.detached, parameters.map { found.dense($0).scalars })
    }
    let plain = run { linear($0[0], $0[1], $0[2]).relu() }
    let fused = run { rectifiedLinear($0[0], $0[1], $0[2]) }
    #expect(plain.0.scalars == fused.0.scalars)
    #expect(plain.1 == fused.1)
  }
}
