/// What happened in one epoch.
public struct EpochRecord: Sendable, Codable, Equatable {
  /// Counted from 1.
  public var epoch: Int
  /// Mean loss over the batches, with dropout, while the parameters moved.
  public var loss: Double
  /// The validation score after the epoch; higher is better.
  public var score: Double
  /// Batches seen, each of them one step.
  public var batches: Int
  /// The learning rate of the epoch's last step, before a group's factor; nil in a record of an
  /// earlier version.
  public var learningRate: Double?

  /// Creates a record.
  package init(
    epoch: Int, loss: Double, score: Double, batches: Int, learningRate: Double? = nil
  ) {
    self.epoch = epoch
    self.loss = loss
    self.score = score
    self.batches = batches
    self.learningRate = learningRate
  }
}

/// The course of a training, kept with the model it made.
public struct TrainingRecord: Sendable, Codable, Equatable {
  /// One record an epoch, in order.
  public var epochs: [EpochRecord] = []
  /// The epoch whose parameters the model has now; nil before the first.
  public var best: EpochRecord?

  /// An empty record.
  public init() {}

  /// Whether the epochs are counted from 1, have a number of steps that can be, and the best is one
  /// of them; a file may say anything.
  var isConsistent: Bool {
    epochs.enumerated().allSatisfy { $1.epoch == $0 + 1 && (1...Int(Int32.max)) ~= $1.batches }
      && (best.map { epochs.contains($0) } ?? true)
  }

  /// Steps of all epochs: where schedules and averages go on.
  var steps: Int { epochs.reduce(0) { $0 + $1.batches } }

  /// Epochs since the best one.
  var epochsWithoutGain: Int { epochs.count - (best?.epoch ?? 0) }
}
