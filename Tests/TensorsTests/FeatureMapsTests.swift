import Tensors
import Testing

/// Operations over feature maps against the same ones over row-major tensors.
@Suite struct FeatureMapsTests {
  private func noise(_ shape: Shape, _ seed: UInt64) -> Tensor {
    var random = RandomStream(seed: seed)
    return Tensor(normal: 1, shape: shape, random: &random)
  }

  private func distance(_ a: Tensor, _ b: Tensor) -> Scalar {
    #expect(a.shape == b.shape)
    let largest = b.scalars.map(abs).max() ?? 1
    return zip(a.scalars, b.scalars).map { abs($0 - $1) }.max().map { $0 / largest } ?? 0
  }

  /// The values and the gradients of what `function` makes of the parameters.
  private func run(_ inputs: [Tensor], _ function: ([Tensor]) -> Tensor) -> [Tensor] {
    let pass = Pass.training(seed: 1)
    let parameters = inputs.map { Parameter($0) }
    let output = function(parameters.map(pass.read))
    let weights = noise(output.shape, 99)
    let gradients = pass.gradients(of: (output * weights).sum())
    return [output.detached] + parameters.map(gradients.dense)
  }

  @Test(
    "A convolution of maps is the convolution, forward and backward",
    arguments: [
      // Direct, Winograd with whole and with cut tiles, strided, by one cell.
      (channels: 16, outputs: 32, side: 7, kernel: 3, stride: 1),
      (channels: 32, outputs: 64, side: 8, kernel: 3, stride: 1),
      (channels: 64, outputs: 32, side: 9, kernel: 3, stride: 1),
      (channels: 32, outputs: 32, side: 4, kernel: 3, stride: 1),
      (channels: 32, outputs: 16, side: 9, kernel: 3, stride: 2),
      (channels: 16, outputs: 48, side: 6, kernel: 1, stride: 2),
    ])
  func convolution(channels: Int, outputs: Int, side: Int, kernel: Int, stride: Int) {
    let inputs = [
      noise([3, channels, side, side], 1), noise([outputs, channels, kernel, kernel], 2),
    ]
    let plain = run(inputs) { convolve($0[0], $0[1], stride: stride, padding: kernel / 2) }
    let blocked = run(inputs) {
      convolve(FeatureMaps($0[0]), $0[1], stride: stride, padding: kernel / 2).plain
    }
    for (a, b) in zip(blocked, plain) { #expect(distance(a, b) < 2e-5) }
    #if !DOUBLE_PRECISION
      let rounded = run(inputs) {
        convolve(
          FeatureMaps($0[0]), $0[1], stride: stride, padding: kernel / 2, products: .bfloat16
        ).plain
      }
      for (a, b) in zip(rounded, plain) { #expect(distance(a, b) < 2e-2) }
    #endif
  }

  @Test func theFirstConvolutionReadsRowMajorImages() {
    let inputs = [noise([2, 3, 17, 17], 3), noise([32, 3, 7, 7], 4)]
    let plain = run(inputs) { convolve($0[0], $0[1], stride: 2, padding: 3) }
    let blocked = run(inputs) { convolve(images: $0[0], $0[1], stride: 2, padding: 3).plain }
    for (a, b) in zip(blocked, plain) { #expect(distance(a, b) < 1e-5) }
  }

  @Test(arguments: [false, true])
  func normalisation(rectifies: Bool) {
    let inputs = [noise([4, 32, 5, 3], 5), noise([32], 6), noise([32], 7)]
    let plain = run(inputs) {
      let output = batchNormalize($0[0], scale: $0[1], shift: $0[2]).output
      return rectifies ? output.relu() : output
    }
    let blocked = run(inputs) {
      batchNormalize(
        FeatureMaps($0[0]), scale: $0[1], shift: $0[2], epsilon: 1e-5, rectifies: rectifies
      ).maps.plain
    }
    for (a, b) in zip(blocked, plain) { #expect(distance(a, b) < 1e-5) }
  }

  @Test(arguments: [false, true])
  func normalisationByGivenStatistics(rectifies: Bool) {
    let inputs = [
      noise([4, 32, 5, 3], 5), noise([32], 6), noise([32], 7), noise([32], 8),
      noise([32], 9).square() + 0.1,
    ]
    let plain = run(inputs) {
      let output = batchNormalize(
        $0[0], scale: $0[1], shift: $0[2], mean: $0[3], variance: $0[4])
      return rectifies ? output.relu() : output
    }
    let blocked = run(inputs) {
      batchNormalize(
        FeatureMaps($0[0]), scale: $0[1], shift: $0[2], mean: $0[3], variance: $0[4],
        epsilon: 1e-5, rectifies: rectifies
      ).plain
    }
    for (a, b) in zip(blocked, plain) { #expect(distance(a, b) < 1e-5) }
  }

  @Test func poolingAndSums() {
    let inputs = [noise([2, 32, 7, 6], 10), noise([2, 32, 7, 6], 11)]
    let plain = run(inputs) {
      maxPool(($0[0] + $0[1]).relu(), window: 3, stride: 2, padding: 1)
    }
    let blocked = run(inputs) {
      maxPool(
        addRectified(FeatureMaps($0[0]), FeatureMaps($0[1])), window: 3, stride: 2, padding: 1
      ).plain
    }
    for (a, b) in zip(blocked, plain) { #expect(distance(a, b) < 1e-6) }
  }

  @Test func summariesAreMeansAndMaxima() {
    let x = noise([2, 32, 3, 5], 12)
    let maps = FeatureMaps(x)
    func value(_ n: Int, _ c: Int, _ p: Int) -> Scalar { x.scalars[(n * 32 + c) * 15 + p] }
    let (channels, pixels) = (maps.channelSummary(), maps.pixelSummary())
    for n in 0..<2 {
      for c in 0..<32 {
        let values = (0..<15).map { value(n, c, $0) }
        #expect(channels.scalars[(2 + n) * 32 + c] == values.max())
        #expect(abs(channels.scalars[n * 32 + c] - values.reduce(0, +) / 15) < 1e-6)
      }
      for p in 0..<15 {
        let values = (0..<32).map { value(n, $0, p) }
        #expect(pixels.scalars[(2 * n) * 15 + p] == values.max())
        #expect(abs(pixels.scalars[(2 * n + 1) * 15 + p] - values.reduce(0, +) / 32) < 1e-6)
      }
    }
  }

  @Test func ofEqualValuesTheFirstReceivesTheGradient() {
    let parameter = Parameter(Tensor(repeating: 1, shape: [1, 16, 2, 2]))
    for (expected, summary) in [
      ([1, 0, 0, 0], { (maps: FeatureMaps) in maps.channelSummary().slice(axis: 0, 1..<2) }),
      ([1, 1, 1, 1], { $0.pixelSummary().slice(axis: 1, 0..<1) }),
    ] {
      let pass = Pass.training(seed: 1)
      let gradients = pass.gradients(of: summary(FeatureMaps(pass.read(parameter))).sum())
      #expect(gradients.dense(parameter).scalars.prefix(4) == expected.map { Scalar($0) }[...])
    }
  }

  @Test func keptLayoutsFollowTheWeights() {
    let maps = FeatureMaps(noise([2, 16, 5, 5], 13))
    let weight = Parameter(noise([16, 16, 3, 3], 14))
    let before = convolve(maps, weight.value, padding: 1).plain
    weight.update { $0.add($0.detached) }
    let after = convolve(maps, weight.value, padding: 1).plain
    #expect(distance(after, before * 2) < 1e-6)
  }

  @Test func recyclingLendsBlocksAgainAndEnds() {
    let sum = MemoryPool.recycling {
      (0..<8).reduce(Scalar(0)) { total, index in
        let tensor = Tensor(repeating: Scalar(index), shape: [1 << 16])
        return total + (tensor * 2).scalars[index]
      }
    }
    #expect(sum == 56)
  }
}
