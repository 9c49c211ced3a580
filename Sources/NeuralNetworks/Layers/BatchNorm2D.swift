public import Tensors

/// Batch normalisation of images (Ioffe and Szegedy, 2015, arXiv 1502.03167), parameters and
/// buffers named as PyTorch's.
///
/// A training pass normalises by its own batch and observes the batch's statistics; the running
/// ones move when the training loop applies what the pass observed (`Pass.applyObservations`), after
/// the step. So the forward pass changes nothing, and passes may run at once without a race or an
/// order. An inference pass, and every pass through a frozen layer, normalises by the running
/// statistics, which no pass then moves; weight and bias train all the same.
public struct BatchNorm2D: Module {
  /// [channels]
  public let weight: Parameter
  /// [channels]
  public let bias: Parameter
  /// [channels]; a buffer.
  public let runningMean: Parameter
  /// [channels]; a buffer. The unbiased variance, as PyTorch keeps it.
  public let runningVariance: Parameter
  /// Whether the running statistics stay as they are, also in training.
  public let isFrozen: Bool
  private let isAffine: Bool
  private let epsilon: Scalar
  private let momentum: Scalar

  /// Starts as the plain normalisation, with running mean 0 and variance 1.
  ///
  /// Without `isAffine` it scales and shifts nothing afterwards, and has no weight and bias.
  /// `momentum` is the share of a batch in the running statistics.
  public init(
    channels: Int, isFrozen: Bool = false, isAffine: Bool = true, epsilon: Scalar = 1e-5,
    momentum: Scalar = 0.1
  ) {
    weight = Parameter(Tensor(repeating: 1, shape: [channels]), trainable: isAffine)
    bias = Parameter(Tensor(zeros: [channels]), trainable: isAffine)
    self.isAffine = isAffine
    runningMean = Parameter(Tensor(zeros: [channels]), trainable: false)
    runningVariance = Parameter(Tensor(repeating: 1, shape: [channels]), trainable: false)
    self.isFrozen = isFrozen
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// x [N, channels, H, W] -> the same shape. In training a channel needs more than one value: a
  /// single one is its own mean, so nothing is left of it.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let (scale, shift) = (pass.read(weight), pass.read(bias))
    guard pass.isTraining, !isFrozen else {
      return batchNormalize(
        x, scale: scale, shift: shift, mean: pass.read(runningMean),
        variance: pass.read(runningVariance), epsilon: epsilon)
    }
    let (output, statistics) = batchNormalize(x, scale: scale, shift: shift, epsilon: epsilon)
    observe(statistics, count: x.count / max(x.shape[1], 1), pass)
    return output
  }

  /// The same over feature maps in blocks of channels, with ReLU behind it if asked for.
  package func callAsFunction(
    _ maps: FeatureMaps, rectifies: Bool, _ pass: Pass
  ) -> FeatureMaps {
    let (scale, shift) = (pass.read(weight), pass.read(bias))
    guard pass.isTraining, !isFrozen else {
      return batchNormalize(
        maps, scale: scale, shift: shift, mean: pass.read(runningMean),
        variance: pass.read(runningVariance), epsilon: epsilon, rectifies: rectifies)
    }
    let (output, statistics) = batchNormalize(
      maps, scale: scale, shift: shift, epsilon: epsilon, rectifies: rectifies)
    observe(statistics, count: maps.batch * maps.height * maps.width, pass)
    return output
  }

  /// - Parameter count: values of a channel in the batch.
  private func observe(_ statistics: BatchStatistics, count: Int, _ pass: Pass) {
    let count = Scalar(count)
    pass.observe(runningMean, statistics.mean, momentum: momentum)
    pass.observe(
      runningVariance, statistics.variance * (count / max(count - 1, 1)), momentum: momentum)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    if isAffine {
      list.add("weight", weight)
      list.add("bias", bias)
    }
    list.add("running_mean", runningMean)
    list.add("running_var", runningVariance)
  }
}
