import Foundation
import NeuralNetworks
import Tensors
import Testing

@Suite struct FTRLTests {
  /// One coordinate, as the paper writes it.
  private struct Coordinate {
    var (w, z, q) = (0.0, 0.0, 0.0)

    mutating func step(_ g: Double, alpha: Double, beta: Double, l1: Double, l2: Double) {
      let d = ((q + g * g).squareRoot() - q.squareRoot()) / alpha
      z += g - d * w
      q += g * g
      w = abs(z) <= l1 ? 0 : -(z - (z < 0 ? -l1 : l1)) / ((beta + q.squareRoot()) / alpha + l2)
    }
  }

  private func gradients(
    _ table: Parameter, rows: [Int32], _ weights: Tensor, _ bias: Parameter? = nil
  ) -> Gradients {
    let pass = Pass.training(seed: 1)
    var loss = (pass.gather(table, rows) * weights).sum()
    if let bias { loss = loss + (pass.read(bias) * weights.span[0]).sum() }
    return pass.gradients(of: loss)
  }

  /// Rows of a table that a step does not meet stay as they are, and so does their state.
  @Test func everyCoordinateFollowsThePaper() {
    let (table, bias) = (Parameter(Tensor(zeros: [5, 2])), Parameter(Tensor(zeros: [1])))
    let optimizer = FTRL(
      [table, bias], learningRate: 0.2, penalties: .init(beta: 0.7, l1: 0.4, l2: 0.3),
      unpenalized: [bias])
    var plain = [Coordinate](repeating: Coordinate(), count: 10)
    var plainBias = Coordinate()
    var random = RandomStream(seed: 4)
    for _ in 0..<60 {
      let rows = (0..<2).map { Int32(2 * $0 + random.next(below: 2)) }
      let slopes = Tensor(normal: 0.5, shape: [2, 2], random: &random)
      optimizer.step(gradients(table, rows: rows, slopes, bias))
      for (place, row) in rows.enumerated() {
        for column in 0..<2 {
          plain[Int(row) * 2 + column].step(
            Double(slopes.span[place * 2 + column]), alpha: 0.2, beta: 0.7, l1: 0.4, l2: 0.3)
        }
      }
      plainBias.step(Double(slopes.span[0]), alpha: 0.2, beta: 0.7, l1: 0, l2: 0)
      #expect(zip(table.value.scalars, plain).allSatisfy { abs(Double($0) - $1.w) < 1e-4 })
      #expect(abs(Double(bias.value.item()) - plainBias.w) < 1e-4)
    }
    #expect(plain[8].z == 0 && plain.contains { $0.z != 0 && $0.w == 0 }, "weights held at 0")
    #expect(plain.contains { $0.w != 0 })
  }

  @Test func aTrainedWeightIsWhereItStarts() {
    let weight = Parameter(Tensor([0.5, -2, 0]))
    let optimizer = FTRL(
      [weight], learningRate: 0.3, penalties: .init(beta: 1, l1: 0.2, l2: 0.5))
    let table = Parameter(Tensor(zeros: [1, 1]))
    optimizer.step(gradients(table, rows: [0], Tensor([1], shape: [1, 1])))
    #expect(weight.value.scalars == [0.5, -2, 0], "no gradient, no step")
    let pass = Pass.training(seed: 1)
    optimizer.step(pass.gradients(of: (pass.read(weight) * 1e-4).sum()))
    for (found, before) in zip(weight.value.scalars, [Scalar(0.5), -2, 0]) {
      #expect(abs(found - before) < 1e-3)
    }
  }

  /// On orthogonal data every weight is on its own.
  @Test func moreL1NeverMeansFewerZeros() {
    var random = RandomStream(seed: 6)
    let optimum = Tensor(normal: 1, shape: [40], random: &random)
    let zeros = [0, 0.1, 0.5, 1, 3, 10, 1000].map { l1 in
      let weight = Parameter(Tensor(zeros: [40]))
      let optimizer = FTRL([weight], learningRate: 0.5, penalties: .init(l1: l1))
      for _ in 0..<50 {
        let pass = Pass.training(seed: 1)
        optimizer.step(pass.gradients(of: (pass.read(weight) - optimum).square().sum() * 0.5))
      }
      return weight.value.scalars.count { $0 == 0 }
    }
    #expect(zeros == zeros.sorted() && zeros.first == 0 && zeros.last == 40)
    #expect(Set(zeros).count > 3)
  }

  @Test func aStateIsRestored() throws {
    func steps(_ optimizer: FTRL, _ table: Parameter, _ seeds: Range<UInt64>) {
      for seed in seeds {
        var random = RandomStream(seed: seed)
        let slopes = Tensor(normal: 1, shape: [2, 2], random: &random)
        optimizer.step(gradients(table, rows: [0, 2], slopes))
      }
    }
    let straight = Parameter(Tensor(zeros: [3, 2]))
    steps(FTRL([straight], penalties: .init(l1: 0.1)), straight, 0..<8)
    let table = Parameter(Tensor(zeros: [3, 2]))
    let first = FTRL([table], penalties: .init(l1: 0.1))
    steps(first, table, 0..<3)
    let second = FTRL([table], penalties: .init(l1: 0.1))
    let state = Dictionary(uniqueKeysWithValues: first.state().map { ($0.name, $0.tensor) })
    try second.restore(state)
    steps(second, table, 3..<8)
    #expect(table.value.scalars == straight.value.scalars)
    #expect(throws: CheckpointError.self) { try second.restore(["z.0": state["z.0"]!]) }
  }
}
