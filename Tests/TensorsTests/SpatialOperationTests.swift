import Tensors
import Testing

/// Convolution, pooling and batch normalisation as operations on tensors, in every build: the
/// single-precision one computes them by oneDNN.
struct SpatialOperationTests {
  private let image = Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], shape: [1, 1, 3, 3])

  @Test func convolutionSlidesAWindow() {
    let weight = Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2])
    let plain = convolve(image, weight, Tensor([0.5]))
    #expect(plain.shape == [1, 1, 2, 2])
    #expect(plain.scalars == [37.5, 47.5, 67.5, 77.5])
    let padded = convolve(image, weight, stride: 2, padding: 1)
    #expect(padded.scalars == [4, 18, 36, 77])
  }

  @Test func poolingIgnoresPadding() {
    #expect(maxPool(image * -1, window: 2, stride: 2, padding: 1).scalars == [-1, -2, -4, -5])
    #expect(averagePool(image, window: 2, stride: 2, padding: 1).scalars == [1, 2.5, 5.5, 7])
    #expect(maxPool(image, window: 2).shape == [1, 1, 1, 1])
    #expect(averagePool(image, window: 3).scalars == [5])
  }

  @Test func batchNormalisationGivesItsStatistics() {
    let x = Tensor([1, 3, 10, 20, 5, 7, 30, 40], shape: [2, 2, 1, 2])
    let (y, statistics) = batchNormalize(
      x, scale: Tensor([1, 2]), shift: Tensor([0, 1]), epsilon: 0)
    #expect(statistics.mean.scalars == [4, 25])
    #expect(statistics.variance.scalars == [5, 125])
    let (a, b) = (Scalar(5).squareRoot(), Scalar(125).squareRoot())
    let expected = [-3 / a, -1 / a, 1 - 30 / b, 1 - 10 / b, 1 / a, 3 / a, 1 + 10 / b, 1 + 30 / b]
    for (found, value) in zip(y.scalars, expected) { #expect(abs(found - value) < 1e-6) }
    let given = batchNormalize(
      x, scale: Tensor([1, 2]), shift: Tensor([0, 1]), mean: statistics.mean,
      variance: statistics.variance, epsilon: 0)
    for (found, value) in zip(given.scalars, expected) { #expect(abs(found - value) < 1e-6) }
  }

  /// Along whole directions, where derivatives are large enough for the digits of single precision:
  /// `OperationGradientTests` does not run there.
  @Test(arguments: OperationGradientTests.spatialCases)
  func gradientsAreDirectionalDerivatives(_ example: OperationGradientTests.Case) {
    // Neighbours lie further apart than two steps, so that a maximum stays where it is.
    let step: Scalar = 0x1p-8
    let inputs = example.inputs.enumerated().map { number, input in
      Tensor(shape: input.shape) { out in
        for index in out.indices { out[index] = 0.5 + Scalar((index * 37 + number) % 101) / 64 }
      }
    }
    var random = RandomStream(seed: 12)
    let weights = Tensor(uniform: 1, shape: example.function(inputs).shape, random: &random)
    let parameters = inputs.map { Parameter($0) }
    let pass = Pass.training(seed: 0)
    let output = example.function(parameters.map(pass.read))
    let gradients = pass.gradients(of: (output * weights).sum())
    for (number, input) in inputs.enumerated() {
      let gradient = gradients.dense(parameters[number])
      let size = gradient.square().sum().sqrt().item()
      for _ in 0..<8 {
        let direction = Tensor(shape: input.shape) { out in
          for index in out.indices { out[index] = random.next(below: 2) == 0 ? 1 : -1 }
        }
        func value(_ step: Scalar) -> Scalar {
          var moved = inputs
          moved[number] = input + direction * step
          return (example.function(moved) * weights).sum().item()
        }
        let numeric = (value(step) - value(-step)) / (2 * step)
        let analytic = (gradient * direction).sum().item()
        #expect(size > 0 && abs(numeric - analytic) < 0.01 * size, "input \(number)")
      }
    }
  }

  @Test func onlyWhoListensGetsAGradient() {
    let (weight, bias) = (Parameter(Tensor([2], shape: [1, 1, 1, 1])), Parameter(Tensor([1])))
    let pass = Pass.training(seed: 0)
    let frozen = convolve(image, weight.value, pass.read(bias))
    #expect(pass.gradients(of: frozen.sum()).dense(bias).scalars == [9])
    let other = Pass.training(seed: 0)
    let gradients = other.gradients(of: convolve(image, other.read(weight)).sum())
    #expect(gradients.dense(weight).scalars == [45])
  }
}
