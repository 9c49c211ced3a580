import NeuralNetworks
import Tensors
import TestSupport
import Testing

/// Layers over images.
struct ImageLayerTests {
  /// A block as in a residual network.
  struct Block: Module {
    let convolution: Convolution2D
    let norm: BatchNorm2D
    let head: Convolution2D

    init(isFrozen: Bool) {
      var random = RandomStream(seed: 5)
      convolution = Convolution2D(
        inputs: 2, outputs: 3, kernel: 3, stride: 2, padding: 1, bias: false, random: &random)
      norm = BatchNorm2D(channels: 3, isFrozen: isFrozen)
      head = Convolution2D(inputs: 3, outputs: 2, kernel: 1, random: &random)
      norm.runningMean.value = Tensor([0.1, -0.2, 0.3])
      norm.runningVariance.value = Tensor([0.5, 1.5, 2])
    }

    func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
      let y = norm(convolution(x, pass), pass)
      return head(maxPool(y, window: 2), pass).square().sum()
    }

    func collect(into list: inout ParameterList) {
      list.add("conv", convolution)
      list.add("bn", norm)
      list.add("head", head)
    }
  }

  private let images: Tensor = {
    var random = RandomStream(seed: 6)
    return Tensor(normal: 1, shape: [3, 2, 8, 7], random: &random)
  }()

  @Test(
    .enabled(if: isDoublePrecision, "gradients are checked in the double-precision build"),
    arguments: [false, true])
  func gradientsOfABlockAgreeWithCentralDifferences(isFrozen: Bool) {
    let block = Block(isFrozen: isFrozen)
    let mismatch = checkGradients(of: block, samples: 200) { block(images, $0) }
    #expect(mismatch.relativeError < 1e-6, "\(mismatch)")
  }

  @Test func namesAreThoseOfTorchvision() {
    #expect(
      ParameterList(Block(isFrozen: false)).entries.map(\.name) == [
        "conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "head.weight",
        "head.bias",
      ])
  }

  @Test func initialWeightsKeepTheSizeOfGradients() {
    var random = RandomStream(seed: 7)
    let layer = Convolution2D(inputs: 16, outputs: 32, kernel: 3, random: &random)
    let variance = layer.weight.value.square().mean().item()
    #expect(abs(variance * 32 * 9 / 2 - 1) < 0.1)
    #expect(layer.bias?.value.scalars == [Scalar](repeating: 0, count: 32))
    #expect(layer(Tensor(zeros: [1, 16, 5, 4]), .inference()).shape == [1, 32, 3, 2])
  }

  /// Channels hold 1, 3, 5, 7 and 2, 2, 2, 2.
  private let batch = Tensor([1, 3, 2, 2, 5, 7, 2, 2], shape: [2, 2, 1, 2])

  @Test func aTrainingPassNormalisesByItsBatchAndChangesNothing() {
    let layer = BatchNorm2D(channels: 2, epsilon: 0.25)
    let before = ParameterList(layer).entries.map { $0.parameter.value.scalars }
    let pass = Pass.training(seed: 0)
    let y = layer(batch, pass).scalars
    let scale = 1 / Scalar(5.25).squareRoot()
    for (found, expected) in zip(y, [-3, -1, 0, 0, 1, 3, 0, 0] as [Scalar]) {
      #expect(abs(found - expected * scale) < 1e-6)
    }
    _ = pass.gradients(of: layer(batch, pass).sum())
    #expect(ParameterList(layer).entries.map { $0.parameter.value.scalars } == before)
  }

  @Test func appliedStatisticsAreThoseOfPyTorch() {
    let layer = BatchNorm2D(channels: 2, momentum: 0.25)
    let pass = Pass.training(seed: 0)
    _ = layer(batch, pass)
    pass.applyObservations()
    // Biased variance 5 of four values: unbiased 20 / 3.
    for (found, expected) in zip(layer.runningMean.value.scalars, [1, 0.5] as [Scalar]) {
      #expect(abs(found - expected) < 1e-6)
    }
    for (found, expected) in zip(
      layer.runningVariance.value.scalars, [0.75 + 5 / 3, 0.75] as [Scalar])
    {
      #expect(abs(found - expected) < 1e-6)
    }
  }

  /// A channel of one value has no unbiased variance.
  @Test func aSingleValueLeavesNumbers() {
    let layer = BatchNorm2D(channels: 1)
    let pass = Pass.training(seed: 0)
    #expect(layer(Tensor([5], shape: [1, 1, 1, 1]), pass).item() == 0)
    pass.applyObservations()
    #expect(layer.runningMean.value.item() == 0.5 && layer.runningVariance.value.item() == 0.9)
  }

  @Test func inferenceAndFrozenLayersUseTheRunningStatistics() {
    for (layer, pass) in [
      (BatchNorm2D(channels: 2, epsilon: 0), Pass.inference()),
      (BatchNorm2D(channels: 2, isFrozen: true, epsilon: 0), Pass.training(seed: 0)),
    ] {
      layer.runningMean.value = Tensor([1, 4])
      layer.runningVariance.value = Tensor([4, 0.25])
      layer.weight.value = Tensor([2, 1])
      layer.bias.value = Tensor([0, 10])
      let y = layer(batch, pass)
      #expect(y.scalars == [0, 2, 6, 6, 4, 6, 6, 6])
      let gradients = pass.gradients(of: y.sum())
      pass.applyObservations()
      #expect(layer.runningMean.value.scalars == [1, 4])
      #expect(layer.runningVariance.value.scalars == [4, 0.25])
      if layer.isFrozen {
        #expect(gradients.dense(layer.bias).scalars == [4, 4])
        #expect(gradients.dense(layer.weight).scalars == [6, -16])
      }
      #expect(gradients[layer.runningMean] == nil && gradients[layer.runningVariance] == nil)
    }
  }
}
