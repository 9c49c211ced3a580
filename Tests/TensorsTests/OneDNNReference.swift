import CKernels
import Tensors

/// Deterministic numbers in [-1, 1] that look random.
func noise(_ count: Int, seed: UInt64) -> [Scalar] {
  (0..<count).map { index in
    var z = (seed &* 0x9E37_79B9_7F4A_7C15) &+ UInt64(index) &* 0xD1B5_4A32_D192_ED03
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Scalar(Double((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1)
  }
}

func doubles(_ values: [Scalar]) -> [Double] { values.map { Double($0) } }

/// The largest difference as a share of the largest expected number.
func relativeError(_ actual: [Scalar], _ expected: [Double]) -> Double {
  guard actual.count == expected.count else { return .infinity }
  var difference = 0.0
  var largest = 1e-30
  for (a, e) in zip(actual, expected) {
    guard a.isFinite else { return .infinity }
    difference = max(difference, abs(Double(a) - e))
    largest = max(largest, abs(e))
  }
  return difference / largest
}

extension ConvolutionGeometry {
  var plainShape: vitrine_convolution {
    vitrine_convolution(
      batch: batch, input_channels: inputChannels, height: height, width: width,
      output_channels: outputChannels, kernel: kernel, stride: stride, padding: padding)
  }

  var inputCount: Int { inputShape.reduce(1, *) }
  var outputCount: Int { outputShape.reduce(1, *) }
  var weightCount: Int { weightShape.reduce(1, *) }

  /// The shapes of ResNet with their spatial size cut, and shapes that fit no block.
  static let samples: [ConvolutionGeometry] = [
    .init(
      batch: 2, inputChannels: 3, height: 32, width: 30, outputChannels: 64, kernel: 7, stride: 2,
      padding: 3),
    .init(
      batch: 2, inputChannels: 64, height: 14, width: 14, outputChannels: 64, kernel: 3, stride: 1,
      padding: 1),
    .init(
      batch: 1, inputChannels: 64, height: 14, width: 14, outputChannels: 128, kernel: 3,
      stride: 2, padding: 1),
    .init(
      batch: 2, inputChannels: 64, height: 14, width: 14, outputChannels: 128, kernel: 1,
      stride: 2),
    .init(batch: 1, inputChannels: 128, height: 7, width: 7, outputChannels: 256, kernel: 1),
    .init(
      batch: 1, inputChannels: 5, height: 9, width: 11, outputChannels: 7, kernel: 3, stride: 2,
      padding: 1),
    .init(
      batch: 3, inputChannels: 3, height: 13, width: 8, outputChannels: 1, kernel: 7, stride: 1,
      padding: 3),
    .init(batch: 1, inputChannels: 1, height: 1, width: 1, outputChannels: 2, kernel: 1),
    .init(
      batch: 2, inputChannels: 17, height: 6, width: 5, outputChannels: 33, kernel: 2, stride: 2),
  ]
}
