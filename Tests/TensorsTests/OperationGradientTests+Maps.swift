import Tensors

extension OperationGradientTests {
  /// Channels that fill blocks on any processor, and few of them in double precision, where each is
  /// a block of its own: finite differences want small sums.
  private static let channels = FeatureMaps.lanes == 1 ? 4 : 16

  /// Operations over feature maps.
  static let mapCases: [Case] = [
    Case("images to maps", [2, 3, 5, 4], [channels, 3, 3, 3]) {
      convolve(images: $0[0], $0[1], stride: 2, padding: 1).plain
    },
    Case("maps to maps", [1, channels, 3, 4], [channels, channels, 3, 3]) {
      convolve(FeatureMaps($0[0]), $0[1], padding: 1).plain
    },
    Case("maps to maps by one cell", [2, channels, 3, 3], [channels, channels, 1, 1]) {
      convolve(FeatureMaps($0[0]), $0[1], stride: 2).plain
    },
    Case("normalised maps", [3, channels, 2, 2], [channels], [channels]) {
      batchNormalize(
        FeatureMaps($0[0]), scale: $0[1], shift: $0[2], epsilon: 1e-3, rectifies: false
      ).maps.plain
    },
    Case("normalised and rectified maps", [3, channels, 2, 2], [channels]) {
      batchNormalize(
        FeatureMaps($0[0]), scale: $0[1], shift: $0[1] - 0.8, epsilon: 1e-3, rectifies: true
      ).maps.plain
    },
    Case(
      "maps normalised by given statistics", [2, channels, 2, 3], [channels], [channels],
      [channels], [channels]
    ) {
      batchNormalize(
        FeatureMaps($0[0]), scale: $0[1], shift: $0[2], mean: $0[3], variance: $0[4],
        epsilon: 1e-5, rectifies: true
      ).plain
    },
    Case("sum of maps, rectified", [2, channels, 2, 2], [2, channels, 2, 2]) {
      addRectified(FeatureMaps($0[0]), FeatureMaps($0[1] * -1)).plain
    },
    Case("maximum pooling of maps", [2, channels, 5, 4]) {
      maxPool(FeatureMaps($0[0]), window: 3, stride: 2, padding: 1).plain
    },
    Case("means of channels", [2, channels, 3, 2]) { channelMeans(FeatureMaps($0[0])) },
    Case("summary of channels", [2, channels, 3, 2]) { FeatureMaps($0[0]).channelSummary() },
    Case("summary of pixels", [2, channels, 3, 2]) { FeatureMaps($0[0]).pixelSummary() },
    Case("channels by gates", [2, channels, 3, 2], [2, channels]) {
      FeatureMaps($0[0]).scaled(channels: $0[1]).plain
    },
    Case("pixels by gates", [2, channels, 3, 2], [2, 1, 3, 2]) {
      FeatureMaps($0[0]).scaled(pixels: $0[1]).plain
    },
  ]
}
