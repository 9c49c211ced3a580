/// How far a training is.
public struct ClassificationProgress: Sendable {
  /// Counted from 1.
  public var epoch: Int
  /// Epochs asked for.
  public var epochs: Int
  /// Steps done in this epoch.
  public var step: Int
  /// Steps of an epoch.
  public var steps: Int
  /// Mean loss of the last steps.
  public var loss: Double
  /// Share of training pictures classified right in the last steps.
  public var accuracy: Double?
  /// Pictures a second, waiting included.
  public var imagesPerSecond: Double
  /// Of the last step.
  public var learningRate: Double
  /// Seconds to the end of the last epoch, validations included as far as known.
  public var secondsRemaining: Double
}
