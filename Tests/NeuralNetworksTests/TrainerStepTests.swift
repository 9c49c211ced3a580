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
}
