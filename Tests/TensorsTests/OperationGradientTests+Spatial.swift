import Tensors

extension OperationGradientTests {
  /// Operations over images.
  static let spatialCases: [Case] = [
    Case("convolution", [2, 3, 5, 4], [4, 3, 3, 3], [4]) { convolve($0[0], $0[1], $0[2]) },
    Case("convolution, padded, every other cell", [2, 3, 6, 5], [2, 3, 3, 3]) {
      convolve($0[0], $0[1], stride: 2, padding: 1)
    },
    Case("convolution by one cell", [2, 3, 3, 2], [2, 3, 1, 1], [2]) {
      convolve($0[0], $0[1], $0[2], stride: 2)
    },
    Case("convolution of what it convolves with", [2, 2, 3, 3]) {
      convolve($0[0], $0[0], padding: 1)
    },
    Case("maximum pooling", [2, 3, 6, 5]) { maxPool($0[0], window: 2) },
    Case("maximum pooling, padded and overlapping", [2, 3, 6, 5]) {
      maxPool($0[0], window: 3, stride: 2, padding: 1)
    },
    Case("average pooling", [2, 3, 6, 5]) { averagePool($0[0], window: 2) },
    Case("average pooling, padded and overlapping", [2, 3, 6, 5]) {
      averagePool($0[0], window: 3, stride: 2, padding: 1)
    },
    Case("batch normalisation", [3, 2, 3, 2], [2], [2]) {
      batchNormalize($0[0], scale: $0[1], shift: $0[2]).output
    },
    Case("batch normalisation of vectors", [5, 3], [3], [3]) {
      batchNormalize($0[0], scale: $0[1], shift: $0[2], epsilon: 0.1).output
    },
    Case("batch normalisation by given statistics", [3, 2, 3, 2], [2], [2], [2], [2]) {
      batchNormalize($0[0], scale: $0[1], shift: $0[2], mean: $0[3], variance: $0[4])
    },
  ]
}
