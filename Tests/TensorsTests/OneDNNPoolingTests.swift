import CKernels
import Tensors
import Testing

@Suite struct OneDNNPoolingTests {
  static let samples: [ConvolutionGeometry] = [
    pool(batch: 2, channels: 64, height: 20, width: 18, kernel: 3, stride: 2, padding: 1),
    pool(batch: 1, channels: 5, height: 7, width: 9, kernel: 2, stride: 2, padding: 0),
    pool(batch: 3, channels: 17, height: 6, width: 6, kernel: 3, stride: 1, padding: 1),
    pool(batch: 2, channels: 32, height: 7, width: 7, kernel: 7, stride: 1, padding: 0),
  ]

  @Test(arguments: samples) func maximumMatchesTheDefinition(geometry: ConvolutionGeometry) {
    let input = noise(geometry.inputCount, seed: 1)
    let gradient = noise(geometry.outputCount, seed: 2)
    var shape = geometry.plainShape
    var expected = [Double](repeating: 0, count: geometry.outputCount)
    var places = [Int32](repeating: -1, count: geometry.outputCount)
    vitrine_max_pool_forward_double(&shape, doubles(input), &expected, &places)
    var expectedGradient = [Double](repeating: 0, count: geometry.inputCount)
    vitrine_max_pool_backward_double(&shape, doubles(gradient), places, &expectedGradient)

    var output = [Scalar](repeating: .nan, count: geometry.outputCount)
    let positions = Pooling.forward(.maximum, geometry, input: input, output: &output)
    #expect(doubles(output) == expected)
    var inputGradient = [Scalar](repeating: .nan, count: geometry.inputCount)
    Pooling.backward(
      .maximum, geometry, positions: positions, outputGradient: gradient,
      inputGradient: &inputGradient)
    #expect(relativeError(inputGradient, expectedGradient) < 1e-6)
  }

  @Test(arguments: samples) func averageMatchesTheDefinition(geometry: ConvolutionGeometry) {
    let input = noise(geometry.inputCount, seed: 1)
    let gradient = noise(geometry.outputCount, seed: 2)
    var shape = geometry.plainShape
    var expected = [Double](repeating: 0, count: geometry.outputCount)
    vitrine_average_pool_forward_double(&shape, doubles(input), &expected)
    var expectedGradient = [Double](repeating: 0, count: geometry.inputCount)
    vitrine_average_pool_backward_double(&shape, doubles(gradient), &expectedGradient)

    var output = [Scalar](repeating: .nan, count: geometry.outputCount)
    let positions = Pooling.forward(.average, geometry, input: input, output: &output)
    #expect(positions == nil)
    #expect(relativeError(output, expected) < 1e-6)
    var inputGradient = [Scalar](repeating: .nan, count: geometry.inputCount)
    Pooling.backward(
      .average, geometry, positions: nil, outputGradient: gradient, inputGradient: &inputGradient)
    #expect(relativeError(inputGradient, expectedGradient) < 1e-6)
  }

  private static func pool(
    batch: Int, channels: Int, height: Int, width: Int, kernel: Int, stride: Int, padding: Int
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(
      batch: batch, inputChannels: channels, height: height, width: width,
      outputChannels: channels, kernel: kernel, stride: stride, padding: padding)
  }
}

@Suite struct OneDNNBatchNormalizationTests {
  @Test(arguments: [(2, 64, 49), (3, 5, 12), (1, 1, 7), (8, 17, 1)])
  func matchesTheDefinition(batch: Int, channels: Int, area: Int) {
    let count = batch * channels * area
    let input = noise(count, seed: 1)
    let scale = noise(channels, seed: 2)
    let shift = noise(channels, seed: 3)
    let gradient = noise(count, seed: 4)
    var expected = [Double](repeating: 0, count: count)
    var expectedMean = [Double](repeating: 0, count: channels)
    var expectedVariance = expectedMean
    var expectedGradient = expected
    var expectedScaleGradient = expectedMean
    var expectedShiftGradient = expectedMean
    vitrine_batch_norm_forward_double(
      batch, channels, area, 1e-5, doubles(input), doubles(scale), doubles(shift), &expected,
      &expectedMean, &expectedVariance)
    vitrine_batch_norm_backward_double(
      batch, channels, area, 1e-5, doubles(input), doubles(scale), expectedMean, expectedVariance,
      doubles(gradient), &expectedGradient, &expectedScaleGradient, &expectedShiftGradient)

    let layer = BatchNormalization(batch: batch, channels: channels, area: area)
    var output = [Scalar](repeating: .nan, count: count)
    var mean = [Scalar](repeating: .nan, count: channels)
    var variance = mean
    layer.forward(
      input: input, scale: scale, shift: shift, output: &output, mean: &mean, variance: &variance)
    #expect(relativeError(output, expected) < 3e-6)
    #expect(relativeError(mean, expectedMean) < 3e-6)
    #expect(relativeError(variance, expectedVariance) < 3e-6)

    var inputGradient = output.map { _ in Scalar.nan }
    var scaleGradient = mean
    var shiftGradient = mean
    layer.backward(
      input: input, scale: scale, mean: mean, variance: variance, outputGradient: gradient,
      inputGradient: &inputGradient, scaleGradient: &scaleGradient, shiftGradient: &shiftGradient)
    #expect(relativeError(inputGradient, expectedGradient) < 1e-5)
    #expect(relativeError(scaleGradient, expectedScaleGradient) < 1e-5)
    #expect(relativeError(shiftGradient, expectedShiftGradient) < 1e-5)
  }
}
