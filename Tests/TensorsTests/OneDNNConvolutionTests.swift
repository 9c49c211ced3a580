import CKernels
import Tensors
import Testing

/// oneDNN against the plain loops of CKernels, which compute in double precision.
@Suite struct OneDNNConvolutionTests {
  @Test(arguments: ConvolutionGeometry.samples)
  func forwardMatchesTheDefinition(geometry: ConvolutionGeometry) {
    let (input, weights, bias) = operands(geometry)
    var shape = geometry.plainShape
    for hasBias in [true, false] {
      var expected = [Double](repeating: 0, count: geometry.outputCount)
      let plainBias = hasBias ? doubles(bias) : nil
      plainBias.withPointer {
        vitrine_convolution_forward_double(
          &shape, doubles(input), doubles(weights), $0, &expected)
      }
      var output = [Scalar](repeating: .nan, count: geometry.outputCount)
      (hasBias ? bias : nil).withPointer {
        Convolution(geometry).forward(
          input: Tensor(input).storage, weights: Tensor(weights).storage, bias: $0, output: &output)
      }
      #expect(relativeError(output, expected) < 2e-6)
    }
  }

  @Test(arguments: ConvolutionGeometry.samples)
  func backwardMatchesTheDefinition(geometry: ConvolutionGeometry) {
    let (input, weights, _) = operands(geometry)
    let gradient = noise(geometry.outputCount, seed: 4)
    var shape = geometry.plainShape
    var expectedInput = [Double](repeating: 0, count: geometry.inputCount)
    var expectedWeights = [Double](repeating: 0, count: geometry.weightCount)
    var expectedBias = [Double](repeating: 0, count: geometry.outputChannels)
    vitrine_convolution_backward_double(
      &shape, doubles(input), doubles(weights), doubles(gradient), &expectedInput,
      &expectedWeights, &expectedBias)

    var inputGradient = [Scalar](repeating: .nan, count: geometry.inputCount)
    Convolution(geometry).backwardInput(
      weights: Tensor(weights).storage, outputGradient: Tensor(gradient).storage,
      inputGradient: &inputGradient)
    #expect(relativeError(inputGradient, expectedInput) < 2e-6)

    var weightGradient = [Scalar](repeating: .nan, count: geometry.weightCount)
    var biasGradient = [Scalar](repeating: .nan, count: geometry.outputChannels)
    Convolution(geometry).backwardWeights(
      input: Tensor(input).storage, outputGradient: Tensor(gradient).storage,
      weightGradient: &weightGradient,
      biasGradient: &biasGradient)
    #expect(relativeError(weightGradient, expectedWeights) < 2e-6)
    #expect(relativeError(biasGradient, expectedBias) < 2e-6)

    weightGradient = weightGradient.map { _ in .nan }
    Convolution(geometry).backwardWeights(
      input: Tensor(input).storage, outputGradient: Tensor(gradient).storage,
      weightGradient: &weightGradient,
      biasGradient: nil)
    #expect(relativeError(weightGradient, expectedWeights) < 2e-6)
  }

  @Test(arguments: ConvolutionGeometry.samples)
  func gradientsAreDirectionalDerivatives(geometry: ConvolutionGeometry) {
    // The plain loops themselves: a convolution is bilinear, so <conv(x, w), g> equals both
    // <x, gradient of x> and <w, gradient of w>.
    let (input, weights, _) = operands(geometry)
    let gradient = doubles(noise(geometry.outputCount, seed: 4))
    var shape = geometry.plainShape
    var output = [Double](repeating: 0, count: geometry.outputCount)
    vitrine_convolution_forward_double(&shape, doubles(input), doubles(weights), nil, &output)
    var byInput = [Double](repeating: 0, count: geometry.inputCount)
    var byWeights = [Double](repeating: 0, count: geometry.weightCount)
    vitrine_convolution_backward_double(
      &shape, doubles(input), doubles(weights), gradient, &byInput, &byWeights, nil)
    let product = dot(output, gradient)
    #expect(abs(dot(byInput, doubles(input)) - product) < 1e-9 * max(1, abs(product)))
    #expect(abs(dot(byWeights, doubles(weights)) - product) < 1e-9 * max(1, abs(product)))
  }

  private func operands(
    _ geometry: ConvolutionGeometry
  ) -> (input: [Scalar], weights: [Scalar], bias: [Scalar]) {
    (
      noise(geometry.inputCount, seed: 1), noise(geometry.weightCount, seed: 2),
      noise(geometry.outputChannels, seed: 3)
    )
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

extension Optional {
  fileprivate func withPointer<Element>(
    _ body: (UnsafePointer<Element>?) -> Void
  ) where Wrapped == [Element] {
    switch self {
    case .some(let values): values.withUnsafeBufferPointer { body($0.baseAddress) }
    case .none: body(nil)
    }
  }
}
