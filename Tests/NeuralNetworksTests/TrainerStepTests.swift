import NeuralNetworks
import Tensors
import Testing

/// What one step of the training loop does besides differentiating.
struct TrainerStepTests {
  /// Plain descent with step length 1.
  private final class Descent: Optimizer {
    var learningRate: Scalar = 1
    private let parameters: [Parameter]

    init(_ parameters: [Parameter]) { self.parameters = parameters }

    func step(_ gradients: Gradients) {
      for parameter in parameters {
        parameter.value = parameter.value - gradients.dense(parameter) * learningRate
      }
    }

    func state() -> [(name: String, tensor: StoredTensor)] { [] }
    func restore(_ state: [String: StoredTensor]) {}
  }

  private struct Pair: Module {
    let a = Parameter(Tensor([0]))
    let b = Parameter(Tensor([0]))

    func collect(into list: inout ParameterList) {
      list.add("a", a)
      list.add("b", b)
    }
  }

  /// The gradient is (30, 40), of length 50.
  @Test(arguments: [(0.5, 0.5), (50, 50), (51, 50), (nil, 50)] as [(Double?, Double)])
  func clippingBoundsTheJointStep(clipNorm: Double?, length: Double) throws {
    let pair = Pair()
    try Trainer(epochs: 1, clipNorm: clipNorm).fit(
      pair, optimizer: Descent(ParameterList(pair).trainable), batches: { _ in [0] },
      loss: { _, pass in (pass.read(pair.a) * 30 + pass.read(pair.b) * 40).sum() },
      validate: { 0 })
    #expect(abs(Double(pair.a.value.item()) + 0.6 * length) < 1e-6 * length)
    #expect(abs(Double(pair.b.value.item()) + 0.8 * length) < 1e-6 * length)
  }

  @Test func runningStatisticsMoveOnceAStep() throws {
    let layer = BatchNorm2D(channels: 1)
    let batches = [Tensor([1, 3], shape: [2, 1, 1, 1]), Tensor([10, 14], shape: [2, 1, 1, 1])]
    var means: [Scalar] = []
    try Trainer(epochs: 1).fit(
      layer, optimizer: Descent(ParameterList(layer).trainable), batches: { _ in batches },
      loss: { x, pass in
        let y = layer(x, pass).square().sum()
        means.append(layer.runningMean.value.item())
        return y
      }, validate: { 0 })
    means.append(layer.runningMean.value.item())
    // 0, then 0.9 · 0 + 0.1 · 2, then 0.9 · 0.2 + 0.1 · 12.
    for (found, expected) in zip(means, [0, 0.2, 1.38] as [Scalar]) {
      #expect(abs(found - expected) < 1e-6)
    }
    #expect(means.count == 3)
    // The same of the unbiased variances 2 and 8, from 1.
    #expect(abs(layer.runningVariance.value.item() - (0.9 * 1.1 + 0.8)) < 1e-6)
  }

  /// Gradients are scaled where they lie, unless somebody else holds them.
  @Test func clippingCopiesOnlyWhatIsShared() {
    let parameter = Parameter(Tensor([1, 2]))
    func gradients(of pass: Pass) -> Gradients {
      pass.gradients(of: (pass.read(parameter) * Tensor([3, 4])).sum())
    }
    func address(_ gradients: Gradients) -> UInt {
      gradients.dense(parameter).withUnsafePointer { UInt(bitPattern: $0) }
    }
    var own = gradients(of: .training(seed: 0))
    let before = address(own)
    own.scale(by: 2)
    #expect(address(own) == before && own.dense(parameter).scalars == [6, 8])
    let held = own.dense(parameter)
    own.scale(by: 0.5)
    #expect(held.scalars == [6, 8] && own.dense(parameter).scalars == [3, 4])
  }

  /// From 0 with gradient -1 and step length 1 the parameter is 1, 2, 3; its average starts at 0 and
  /// keeps 1/10, 2/11 and 3/12 of itself while it warms up.
  @Test(arguments: [(true, 0.9), (false, 0.5)])
  func theAverageIsValidatedAndKept(warmUp: Bool, decay: Double) throws {
    let pair = Pair()
    var (expected, seen) = (0.0, [Double]())
    for step in 0..<3 {
      let keep = warmUp ? (1 + Double(step)) / (10 + Double(step)) : decay
      expected = keep * expected + (1 - keep) * Double(step + 1)
    }
    try Trainer(epochs: 1, average: WeightAverage(decay: decay, warmUp: warmUp)).fit(
      pair, optimizer: Descent(ParameterList(pair).trainable), batches: { _ in [0, 1, 2] },
      loss: { _, pass in (pass.read(pair.a) * -1).sum() },
      validate: {
        seen.append(Double(pair.a.value.item()))
        return 0
      })
    #expect(seen.count == 1 && abs((seen.first ?? 0) - expected) < 1e-6)
    #expect(abs(Double(pair.a.value.item()) - expected) < 1e-6)
  }

  @Test func stepsAreReportedWithTheirRate() throws {
    let pair = Pair()
    let optimizer = Descent(ParameterList(pair).trainable)
    var steps: [StepRecord] = []
    let trainer = Trainer(epochs: 2, patience: 9, schedule: .step(every: 3, factor: 0.5))
    let record = try trainer.fit(
      pair, optimizer: optimizer, batches: { _ in [0, 1] },
      loss: { _, pass in (pass.read(pair.a) * 3 + pass.read(pair.b) * 4).sum() },
      validate: { 0 }, eachStep: { steps.append($0) })
    #expect(steps.map(\.step) == [0, 1, 2, 3])
    #expect(steps.map(\.epoch) == [1, 1, 2, 2] && steps.map(\.batch) == [0, 1, 0, 1])
    #expect(steps.map(\.learningRate) == [1, 1, 1, 0.5])
    #expect(steps.map(\.gradientNorm) == [5, 5, 5, 5])
    #expect(steps.map(\.loss) == [0, -25, -50, -75])
    #expect(record.epochs.map(\.learningRate) == [1, 0.5])
    #expect(optimizer.learningRate == 1)
  }

  /// Activations overflow, what is normalised by their variance is zero, and the loss looks well.
  @Test func anInfiniteStatisticStopsTheStep() throws {
    let layer = BatchNorm2D(channels: 1)
    let large = Scalar.greatestFiniteMagnitude / 2
    #expect {
      try Trainer(epochs: 1).fit(
        layer, optimizer: Descent(ParameterList(layer).trainable), batches: { _ in [0, 1] },
        loss: { batch, pass in
          if batch == 1 { pass.observe(layer.runningMean, Tensor([large * 4]), momentum: 0.1) }
          return pass.read(layer.bias).sum()
        }, validate: { 0 })
    } throws: { error in
      "\(error)".contains("epoch 1, batch 1") && "\(error)".contains("batch statistic")
    }
    #expect(layer.runningMean.value.item() == 0)
  }
}
