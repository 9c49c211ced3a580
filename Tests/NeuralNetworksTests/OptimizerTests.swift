import NeuralNetworks
import Tensors
import Testing

/// Update rules against the textbook's arithmetic in double precision.
struct OptimizerTests {
  @Test func adamFollowsThePaper() {
    let parameter = Parameter(Tensor([1, -2]))
    let optimizer = Adam([parameter], learningRate: 0.1)
    var (w, m, v) = ([1.0, -2.0], [0.0, 0.0], [0.0, 0.0])
    for t in 1...20 {
      var gradients = Gradients()
      let g = [0.5 * Double(t), -0.1]
      gradients[parameter] = .dense(Tensor(g.map { Scalar($0) }))
      optimizer.step(gradients)
      for i in 0..<2 {
        m[i] = 0.9 * m[i] + 0.1 * g[i]
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i]
        let correctedM = m[i] / (1 - pow(0.9, t))
        let correctedV = v[i] / (1 - pow(0.999, t))
        w[i] -= 0.1 * correctedM / (correctedV.squareRoot() + 1e-8)
      }
    }
    for i in 0..<2 { #expect(abs(Double(parameter.value.span[i]) - w[i]) < 2e-6) }
  }

  @Test func adagradFollowsThePaper() {
    let parameter = Parameter(Tensor([1]))
    let optimizer = Adagrad([parameter], learningRate: 0.1)
    var (w, sum) = (1.0, 0.0)
    for t in 1...20 {
      var gradients = Gradients()
      gradients[parameter] = .dense(Tensor([Scalar(t) / 4]))
      optimizer.step(gradients)
      sum += Double(t * t) / 16
      w -= 0.1 * Double(t) / 4 / sum.squareRoot()
    }
    #expect(abs(Double(parameter.value.item()) - w) < 1e-6)
  }

  private func makeOptimizer(_ name: String, _ parameters: [Parameter]) -> any Optimizer {
    // Decay and momentum, which must not reach what a step does not touch.
    let groups = [ParameterGroup(parameters: parameters, weightDecay: 0.1)]
    return switch name {
    case "adam": Adam(parameters)
    case "adamw": Adam(groups)
    case "sgd": SGD(groups, learningRate: 0.1, nesterov: true)
    default: Adagrad(parameters)
    }
  }

  @Test(arguments: ["adam", "adamw", "sgd", "adagrad"])
  func untouchedRowsStayBitIdentical(name: String) {
    var random = RandomStream(seed: 6)
    let table = Parameter(Tensor(uniform: 1, shape: [5, 4], random: &random))
    let before = table.value.scalars
    let optimizer = makeOptimizer(name, [table])
    for _ in 0..<3 {
      let pass = Pass.training(seed: 0)
      optimizer.step(pass.gradients(of: pass.gather(table, [1, 3, 1]).square().sum()))
    }
    let after = table.value.scalars
    for row in 0..<5 {
      let same = before[row * 4..<row * 4 + 4] == after[row * 4..<row * 4 + 4]
      #expect(same == (row != 1 && row != 3))
    }
  }

  @Test(arguments: ["adam", "adamw", "sgd", "adagrad"])
  func stateRoundTripContinuesExactly(name: String) throws {
    func run(interrupted: Bool) throws -> [Scalar] {
      let parameter = Parameter(Tensor([1, 2, 3]))
      var optimizer = makeOptimizer(name, [parameter])
      for step in 0..<6 {
        if interrupted, step == 3 {
          let state = Dictionary(
            uniqueKeysWithValues: optimizer.state().map { ($0.name, $0.tensor) })
          optimizer = makeOptimizer(name, [parameter])
          try optimizer.restore(state)
        }
        let pass = Pass.training(seed: 0)
        optimizer.step(pass.gradients(of: pass.read(parameter).square().sum()))
      }
      return parameter.value.scalars
    }
    #expect(try run(interrupted: true) == run(interrupted: false))
  }

  /// A single-precision number would round this count of steps.
  @Test func stepCountsStayExact() throws {
    let parameter = Parameter(Tensor([1]))
    let steps = StoredTensor(shape: [], elements: .int64([1 << 24 + 1]))
    let moments = StoredTensor(shape: [1], floats: [0.5])
    let optimizer = Adam([parameter])
    try optimizer.restore(["steps": steps, "first.0": moments, "second.0": moments])
    #expect(optimizer.state().first { $0.name == "steps" }?.tensor == steps)
  }

  /// The first tensors are in order; a later one is not.
  @Test(arguments: ["adam", "sgd", "adagrad"])
  func aFailedRestoreChangesNothing(name: String) throws {
    let parameters = [Parameter(Tensor([1])), Parameter(Tensor([1]))]
    let optimizer = makeOptimizer(name, parameters)
    let before = optimizer.state().map(\.tensor)
    let other = StoredTensor(shape: [1], floats: [0.5])
    let state = [
      "steps": StoredTensor(shape: [], elements: .int64([3])), "first.0": other,
      "second.0": other, "first.1": other, "accumulator.0": other,
      "velocity.0": other, "velocity.1": StoredTensor(shape: [2], floats: [1, 1]),
      "second.1": StoredTensor(shape: [1], floats: [-1]),
      "accumulator.1": StoredTensor(shape: [1], floats: [-1]),
    ]
    #expect(throws: CheckpointError.self) { try optimizer.restore(state) }
    #expect(optimizer.state().map(\.tensor) == before)
  }

  /// Names as in PyTorch's state dictionaries.
  @Test func decaySparesVectorsAndCodes() {
    struct Gated: Module {
      let weight = Parameter(Tensor(zeros: [2, 2]))
      let bias = Parameter(Tensor(zeros: [2]))
      let code = Parameter(Tensor(zeros: [3, 2]))
      let mean = Parameter(Tensor(zeros: [2, 2]), trainable: false)
      func collect(into list: inout ParameterList) {
        list.add("fc.weight", weight)
        list.add("fc.bias", bias)
        list.add("gate.code", code)
        list.add("running", mean)
      }
    }
    let gated = Gated()
    let groups = ParameterGroup.splitDecay(
      ParameterList(gated), weightDecay: 0.01, learningRateFactor: 0.5)
    #expect(groups.map(\.weightDecay) == [0.01, 0])
    #expect(groups.map(\.learningRateFactor) == [0.5, 0.5])
    #expect(groups.first.map { $0.parameters.map { $0 === gated.weight } } == [true])
    #expect(groups.last.map { $0.parameters.count } == 2)
  }

  /// Large tensors are updated in pieces side by side; every element must be met once.
  @Test(arguments: ["adam", "adamw", "sgd"])
  func largeTensorsMoveLikeSmallOnes(name: String) {
    let count = 300_001
    let large = Parameter(Tensor(repeating: 0.5, shape: [count]))
    let small = Parameter(Tensor(repeating: 0.5, shape: [3]))
    for parameter in [large, small] {
      let optimizer = makeOptimizer(name, [parameter])
      for step in 1...3 {
        var gradients = Gradients()
        gradients[parameter] = .dense(
          Tensor(repeating: Scalar(step), shape: parameter.value.shape))
        optimizer.step(gradients)
      }
    }
    let expected = small.value.scalars[0]
    #expect(expected != 0.5 && large.value.scalars.allSatisfy { $0 == expected })
  }

  private func pow(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}
