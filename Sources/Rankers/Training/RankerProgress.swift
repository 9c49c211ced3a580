import NeuralNetworks

/// How far the training of a network is.
public struct RankerProgress: Sendable, Hashable {
  /// Counted from 1.
  public var epoch: Int
  /// The most epochs there will be.
  public var epochs: Int
  /// Steps done in this epoch.
  public var step: Int
  /// Steps of this epoch.
  public var steps: Int
  /// Mean loss of this epoch's steps.
  public var loss: Double
  /// Rows trained on in a second since the epoch began.
  public var rowsPerSecond: Double
  /// Of the last step.
  public var learningRate: Double
  /// Seconds to the end of the last epoch, validations included as far as known; less where training
  /// stops early.
  public var secondsRemaining: Double
}

/// Watches the steps of a training.
struct ProgressClock {
  private let plan: RankerTraining
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var epochStart: ContinuousClock.Instant
  private var batches: [[Int32]] = []
  private var stepsHere = 0
  private var rows = 0
  private var total = 0.0

  init(_ plan: RankerTraining) {
    self.plan = plan
    start = clock.now
    epochStart = start
  }

  /// An epoch of these batches begins.
  mutating func begin(_ batches: [[Int32]]) {
    self.batches = batches
    (rows, total) = (0, 0)
    epochStart = clock.now
  }

  /// Seconds since the epoch began.
  var seconds: Double { epochStart.duration(to: clock.now) / .seconds(1) }

  /// A step was done.
  mutating func take(_ step: StepRecord) -> RankerProgress {
    stepsHere += 1
    total += step.loss
    rows += batches[step.batch].count
    let done = step.batch + 1
    let left = batches.count - done + (plan.epochs - step.epoch) * batches.count
    return RankerProgress(
      epoch: step.epoch, epochs: plan.epochs, step: done, steps: batches.count,
      loss: total / Double(done), rowsPerSecond: Double(rows) / max(seconds, 1e-9),
      learningRate: step.learningRate,
      secondsRemaining: start.duration(to: clock.now) / .seconds(1) / Double(stepsHere)
        * Double(left))
  }
}
