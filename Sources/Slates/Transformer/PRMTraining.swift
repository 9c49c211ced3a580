public import NeuralNetworks
import RankingData
package import Tensors

/// How a `PRM` model is trained: the cross-entropy between the clicks of a list, sharing the target
/// equally, and the softmax of its scores.
public struct PRMTraining: Codable, Sendable, Hashable {
  /// The most passes over the training lists.
  public var epochs = 30
  /// Epochs without a better validation score before stopping.
  public var patience = 5
  /// Lists per step.
  public var batchSize = 64
  /// Adam's step length.
  public var learningRate = 1e-3
  /// Limit on the joint norm of the gradient.
  public var clipNorm = 1.0
  /// What early stopping watches.
  public var criterion = Seq2SlateTraining.Criterion.ndcg
  /// Drives initialisation, the order of the lists, and dropout.
  public var seed: UInt64 = 0

  /// The defaults.
  public init() {}

  /// Every key it reads.
  public static let keys = CodingKeys.allCases.map(\.rawValue)

  enum CodingKeys: String, CodingKey, CaseIterable {
    case epochs, patience, criterion, seed
    case batchSize = "batch_size"
    case learningRate = "learning_rate"
    case clipNorm = "clip_norm"
  }

  /// Every missing field takes its default.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&epochs, .epochs)
    try container.update(&patience, .patience)
    try container.update(&batchSize, .batchSize)
    try container.update(&learningRate, .learningRate)
    try container.update(&clipNorm, .clipNorm)
    try container.update(&criterion, .criterion)
    try container.update(&seed, .seed)
  }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    for (field, value) in [("epochs", epochs), ("patience", patience), ("batch_size", batchSize)]
    where value < 1 {
      throw .configuration(field: field, value: "\(value)", rule: "it must be at least 1")
    }
    for (field, value) in [("learning_rate", learningRate), ("clip_norm", clipNorm)]
    where !(value > 0 && value.isFinite) {
      throw .configuration(
        field: field, value: "\(value)", rule: "it must be a finite number above 0")
    }
  }

  /// Trains a fresh model on clicked lists and leaves it at its best epoch.
  ///
  /// Lists without clicks are legal and teach nothing. The same seed, lists and machine give
  /// bit-identical weights.
  /// - Parameters:
  ///   - validation: Lists that decide when to stop; never those the model is judged by later.
  ///   - checkpoint: Where to save after each epoch and to resume from, or nil.
  ///   - report: Called after each epoch.
  /// - Throws: `SlateError` on data or configuration that cannot be used, `TrainingError` when the
  ///   loss diverges, and whatever the checkpoint throws.
  public func train(
    _ configuration: PRMConfiguration, on training: [SlateList], validation: [SlateList],
    checkpoint: Checkpoint? = nil, report: (EpochRecord) -> Void = { _ in }
  ) throws -> (model: PRM, record: TrainingRecord) {
    try validate()
    let useful = try SlateList.clicked(training, "training")
    let judged = try SlateList.clicked(validation, "validation")
    let model = try PRM(configuration, seed: seed)
    // Lists that cannot be read show before the first epoch, not in the middle of it.
    for list in useful + judged { _ = try SlateBatch([list], model.features) }
    let optimizer = Adam(ParameterList(model).trainable, learningRate: Scalar(learningRate))
    let trainer = Trainer(epochs: epochs, patience: patience, clipNorm: clipNorm, seed: seed)
    let record = try trainer.fit(
      model, optimizer: optimizer,
      batches: { epoch in
        SlateList.batches(useful, of: batchSize, seed: seed, epoch: epoch)
      },
      loss: { lists, pass in
        guard let batch = try? SlateBatch(lists, model.features) else {
          preconditionFailure("a list that was read before cannot be read again")
        }
        return model.loss(batch, pass)
      },
      validate: { try score(model, judged) },
      checkpoint: checkpoint, report: report)
    return (model, record)
  }

  /// What early stopping compares; higher is better.
  private func score(_ model: PRM, _ lists: [SlateList]) throws(SlateError) -> Double {
    var total = 0.0
    switch criterion {
    case .ndcg:
      let decoder = PRMDecoder(model)
      for list in lists {
        total += clickNDCG(list, order: try decoder.decode(list, top: 10), at: 10)
      }
    case .loss:
      for list in lists {
        total -= Double(model.loss(try SlateBatch([list], model.features), .inference()).item())
      }
    }
    return total / Double(lists.count)
  }
}

extension PRM {
  /// The mean over the lists with clicks; 0 where no list has one.
  package func loss(_ batch: SlateBatch, _ pass: Pass) -> Tensor {
    let (lists, n) = (batch.lists.count, batch.steps)
    var targets = [Scalar](repeating: 0, count: lists * n)
    var mask = [Bool](repeating: false, count: lists * n)
    let clicked = batch.lists.map { $0.clicks?.count { $0 } ?? 0 }
    let useful = clicked.count { $0 > 0 }
    guard useful > 0 else { return Tensor(scalar: 0) }
    for (b, list) in batch.lists.enumerated() {
      for i in 0..<list.count {
        mask[b * n + i] = true
        if list.clicks?[i] == true {
          targets[b * n + i] = 1 / (Scalar(clicked[b]) * Scalar(useful))
        }
      }
    }
    return softmaxCrossEntropy(logits: scores(batch, pass), targets: targets, mask: mask).sum()
  }
}
