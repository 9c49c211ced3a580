/// What happened in one step of a training, for those who watch it.
public struct StepRecord: Sendable, Equatable {
  /// Counted from 1.
  public var epoch: Int
  /// The batch of the epoch, counted from 0.
  public var batch: Int
  /// Counted from 0 over all epochs, also those before an interruption.
  public var step: Int
  /// Of the batch, before the step.
  public var loss: Double
  /// Of all gradients together, before clipping.
  public var gradientNorm: Double
  /// Of this step, before a group's factor.
  public var learningRate: Double

  package init(
    epoch: Int, batch: Int, step: Int, loss: Double, gradientNorm: Double, learningRate: Double
  ) {
    self.epoch = epoch
    self.batch = batch
    self.step = step
    self.loss = loss
    self.gradientNorm = gradientNorm
    self.learningRate = learningRate
  }
}
