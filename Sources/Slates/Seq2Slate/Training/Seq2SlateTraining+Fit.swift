public import NeuralNetworks
import Tensors

extension Seq2SlateTraining {
  /// Trains a fresh model on clicked lists and leaves it at its best epoch.
  ///
  /// Lists without clicks are legal and teach nothing. The same seed, lists and machine give
  /// bit-identical weights, also after an interruption: a second stage keeps a checkpoint of its
  /// own beside that of the first, and removes it when it is done.
  /// - Parameters:
  ///   - validation: Lists that decide when to stop; never those the model is judged by later.
  ///   - checkpoint: Where to save after each epoch and to resume from, or nil.
  ///   - report: Called after each epoch. Those of a second stage are counted on; their loss is the
  ///     mean reward of the drawn orders, negated.
  /// - Throws: `SlateError` on data or configuration that cannot be used, `TrainingError` when the
  ///   loss diverges, and whatever the checkpoint throws.
  public func train(
    _ configuration: Seq2SlateConfiguration, on training: [SlateList], validation: [SlateList],
    checkpoint: Checkpoint? = nil, report: (EpochRecord) -> Void = { _ in }
  ) throws -> (model: Seq2Slate, record: TrainingRecord) {
    try validate()
    let useful = try ordered(SlateList.clicked(training, "training"))
    let judged = try ordered(SlateList.clicked(validation, "validation"))
    let model = try Seq2Slate(configuration, seed: seed)
    // Lists that cannot be read show before the first epoch, not in the middle of it.
    for list in useful + judged { _ = try SlateBatch([list], model.features) }

    let later = checkpoint?.ofSecondStage
    // What an abandoned training left is no part of one that starts anew.
    if let later, !later.resume { later.remove() }
    var record = try supervise(model, useful, judged, checkpoint, report)
    if let reinforce {
      record = try reinforced(reinforce, model, after: record, useful, judged, later, report)
      later?.remove()
    }
    return (model, record)
  }

  /// The first stage.
  private func supervise(
    _ model: Seq2Slate, _ training: [SlateList], _ validation: [SlateList],
    _ checkpoint: Checkpoint?, _ report: (EpochRecord) -> Void
  ) throws -> TrainingRecord {
    let loss = supervisedLoss
    let optimizer = Adam(
      ParameterGroup.splitDecay(ParameterList(model), weightDecay: Scalar(weightDecay)),
      learningRate: Scalar(learningRate))
    let trainer = Trainer(epochs: epochs, patience: patience, clipNorm: clipNorm, seed: seed)
    var past = DecoderPrefix.teacher
    return try trainer.fit(
      model, optimizer: optimizer,
      batches: { epoch in
        past = prefix(epoch: epoch)
        return batches(training, epoch: epoch)
      },
      loss: { lists, pass in
        let past = past
        return shardedLoss(Self.shards(lists), of: model, pass) { shard, own in
          loss(model, Self.batch(shard, model), past, own, lists: lists.count)
        }
      },
      validate: { try score(model, validation) },
      checkpoint: checkpoint, report: report)
  }

  /// Of the supervised stage.
  var supervisedLoss: Seq2SlateLoss {
    Seq2SlateLoss(steps: steps, kind: loss, propensity: propensity)
  }

  /// Whose choices the decoder sees in an epoch, counted from 1.
  package func prefix(epoch: Int) -> DecoderPrefix {
    switch prefix {
    case .teacher: .teacher
    case .samples: .mixed(share: modelShare(epoch: epoch), by: .sampled)
    case .greedy: .mixed(share: modelShare(epoch: epoch), by: .greedy)
    }
  }

  /// The share of the model's own choices in an epoch, counted from 1.
  package func modelShare(epoch: Int) -> Double {
    let rising = annealing * Double(epochs)
    return rising > 0 ? modelShare * min(1, Double(epoch - 1) / rising) : modelShare
  }

  /// What early stopping compares; higher is better.
  func score(_ model: Seq2Slate, _ lists: [SlateList]) throws(SlateError) -> Double {
    switch criterion {
    case .ndcg:
      return try greedyMean(model, lists, top: 10) {
        clickNDCG($0, order: $1, at: 10, propensity: propensity)
      }
    case .loss:
      var total = 0.0
      for start in stride(from: 0, to: lists.count, by: batchSize) {
        let part = Array(lists[start..<min(start + batchSize, lists.count)])
        let batch = try SlateBatch(part, model.features)
        let mean = supervisedLoss(model, batch, .teacher, Pass.inference()).item()
        total += Double(mean) * Double(part.count)
      }
      return -total / Double(lists.count)
    }
  }

  /// The mean of a measure over greedily decoded lists.
  func greedyMean(
    _ model: Seq2Slate, _ lists: [SlateList], top: Int,
    _ measure: (SlateList, [Int]) -> Double
  ) throws(SlateError) -> Double {
    let decoder = Seq2SlateDecoder(model)
    var total = 0.0
    for list in lists { total += measure(list, try decoder.decode(list, top: top)) }
    return total / Double(lists.count)
  }
}

extension Checkpoint {
  /// Of the stage after the supervised one.
  var ofSecondStage: Checkpoint {
    Checkpoint(path: path + ".reinforce", resume: resume, fingerprint: fingerprint)
  }
}
