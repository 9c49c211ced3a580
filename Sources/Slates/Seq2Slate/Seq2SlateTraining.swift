public import NeuralNetworks
import Tensors

/// How a `Seq2Slate` model is trained.
public struct Seq2SlateTraining: Codable, Sendable, Hashable {
  /// What early stopping watches on the validation lists.
  public enum Criterion: String, Codable, Sendable, Hashable, CaseIterable {
    /// NDCG@10 of the clicks in greedily decoded order.
    case ndcg
    /// The loss with the teacher's choices as the past.
    case loss
  }

  /// The most passes over the training lists.
  public var epochs = 20
  /// Epochs without a better validation score before stopping.
  public var patience = 3
  /// Lists per step.
  public var batchSize = 64
  /// Adam's step length.
  public var learningRate = 1e-3
  /// Limit on the joint norm of the gradient.
  public var clipNorm = 1.0
  /// Decoding steps that are trained; what is served should not decode more.
  public var steps = 10
  /// The share of the model's own choices in the past it is shown, at the end of annealing. It
  /// rises linearly from 0; 0 keeps to the teacher.
  public var modelShare = 1.0
  /// The part of the epochs over which the share rises.
  public var annealing = 0.5
  /// What early stopping watches.
  public var criterion = Criterion.ndcg
  /// Drives initialisation, the order of the lists, and sampled pasts.
  public var seed: UInt64 = 0

  /// The defaults.
  public init() {}

  /// Every key it reads.
  public static let keys = CodingKeys.allCases.map(\.rawValue)

  enum CodingKeys: String, CodingKey, CaseIterable {
    case epochs, patience, steps, annealing, criterion, seed
    case batchSize = "batch_size"
    case learningRate = "learning_rate"
    case clipNorm = "clip_norm"
    case modelShare = "model_share"
  }

  /// Every missing field takes its default.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
      value = try container.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try read(.epochs, &epochs)
    try read(.patience, &patience)
    try read(.batchSize, &batchSize)
    try read(.learningRate, &learningRate)
    try read(.clipNorm, &clipNorm)
    try read(.steps, &steps)
    try read(.modelShare, &modelShare)
    try read(.annealing, &annealing)
    try read(.criterion, &criterion)
    try read(.seed, &seed)
  }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    func check(_ field: String, _ value: Double, _ valid: Bool, _ rule: String) throws(SlateError) {
      if !valid { throw .configuration(field: field, value: "\(value)", rule: rule) }
    }
    let positive = "it must be at least 1"
    try check("epochs", Double(epochs), epochs >= 1, positive)
    try check("patience", Double(patience), patience >= 1, positive)
    try check("batch_size", Double(batchSize), batchSize >= 1, positive)
    try check("steps", Double(steps), steps >= 1, positive)
    let finite = "it must be a finite number above 0"
    try check("learning_rate", learningRate, learningRate > 0 && learningRate.isFinite, finite)
    try check("clip_norm", clipNorm, clipNorm > 0 && clipNorm.isFinite, finite)
    let share = "it must lie in 0...1"
    try check("model_share", modelShare, modelShare >= 0 && modelShare <= 1, share)
    try check("annealing", annealing, annealing >= 0 && annealing <= 1, share)
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
    _ configuration: Seq2SlateConfiguration, on training: [SlateList], validation: [SlateList],
    checkpoint: Checkpoint? = nil, report: (EpochRecord) -> Void = { _ in }
  ) throws -> (model: Seq2Slate, record: TrainingRecord) {
    try validate()
    let useful = try SlateList.clicked(training, "training")
    let judged = try SlateList.clicked(validation, "validation")
    let model = try Seq2Slate(configuration, seed: seed)
    // Lists that cannot be read show before the first epoch, not in the middle of it.
    for list in useful + judged { _ = try SlateBatch([list], model.features) }

    let loss = Seq2SlateLoss(steps: steps)
    let optimizer = Adam(ParameterList(model).trainable, learningRate: Scalar(learningRate))
    let trainer = Trainer(
      epochs: epochs, patience: patience, clipNorm: clipNorm, seed: seed)
    var share = 0.0
    let record = try trainer.fit(
      model, optimizer: optimizer,
      batches: { epoch in
        share = modelShare(epoch: epoch)
        return SlateList.batches(useful, of: batchSize, seed: seed, epoch: epoch)
      },
      loss: { lists, pass in
        guard let batch = try? SlateBatch(lists, model.features) else {
          preconditionFailure("a list that was read before cannot be read again")
        }
        return loss(model, batch, .mixed(share: share), pass)
      },
      validate: { try score(model, judged) },
      checkpoint: checkpoint, report: report)
    return (model, record)
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
      let decoder = Seq2SlateDecoder(model)
      var total = 0.0
      for list in lists {
        total += clickNDCG(list, order: try decoder.decode(list, top: 10), at: 10)
      }
      return total / Double(lists.count)
    case .loss:
      let loss = Seq2SlateLoss(steps: steps)
      var total = 0.0
      for start in stride(from: 0, to: lists.count, by: batchSize) {
        let part = Array(lists[start..<min(start + batchSize, lists.count)])
        let batch = try SlateBatch(part, model.features)
        let mean = loss(model, batch, .teacher, Pass.inference()).item()
        total += Double(mean) * Double(part.count)
      }
      return -total / Double(lists.count)
    }
  }
}
