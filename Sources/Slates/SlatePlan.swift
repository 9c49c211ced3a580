public import NeuralNetworks

/// A slate model to be trained: its shape, and how.
public enum SlatePlan: Sendable, Hashable, Encodable {
  /// A pointer network.
  case seq2slate(Seq2SlateConfiguration, Seq2SlateTraining)
  /// A transformer.
  case prm(PRMConfiguration, PRMTraining)

  /// Its kind and shape.
  public var specification: SlateSpecification {
    switch self {
    case .seq2slate(let configuration, _): .seq2slate(configuration)
    case .prm(let configuration, _): .prm(configuration)
    }
  }

  /// Throws `SlateError.configuration` for the first field of the training out of range.
  public func validateTraining() throws(SlateError) {
    switch self {
    case .seq2slate(_, let training): try training.validate()
    case .prm(_, let training): try training.validate()
    }
  }

  /// Drives every random choice.
  public var seed: UInt64 {
    get {
      switch self {
      case .seq2slate(_, let training): training.seed
      case .prm(_, let training): training.seed
      }
    }
    set {
      switch self {
      case .seq2slate(let configuration, var training):
        training.seed = newValue
        self = .seq2slate(configuration, training)
      case .prm(let configuration, var training):
        training.seed = newValue
        self = .prm(configuration, training)
      }
    }
  }

  /// What early stopping watches.
  public var criterion: Seq2SlateTraining.Criterion {
    switch self {
    case .seq2slate(_, let training): training.criterion
    case .prm(_, let training): training.criterion
    }
  }

  /// Sets what a model reads of candidates, which follows from the data.
  public mutating func read(
    features: [CandidateFeature], categories: [String], visualInputs: Int
  ) {
    switch self {
    case .seq2slate(var configuration, let training):
      configuration.features = features
      configuration.categories = categories
      configuration.visualInputs = visualInputs
      self = .seq2slate(configuration, training)
    case .prm(var configuration, let training):
      configuration.features = features
      configuration.categories = categories
      configuration.visualInputs = visualInputs
      self = .prm(configuration, training)
    }
  }

  /// Trains a fresh model on clicked lists and leaves it at its best epoch; see the trainings.
  public func train(
    on training: [SlateList], validation: [SlateList], checkpoint: Checkpoint? = nil,
    report: (EpochRecord) -> Void = { _ in }
  ) throws -> (model: any SlateModel, record: TrainingRecord) {
    switch self {
    case .seq2slate(let configuration, let plan):
      let (model, record) = try plan.train(
        configuration, on: training, validation: validation, checkpoint: checkpoint,
        report: report)
      return (model, record)
    case .prm(let configuration, let plan):
      let (model, record) = try plan.train(
        configuration, on: training, validation: validation, checkpoint: checkpoint,
        report: report)
      return (model, record)
    }
  }
}
