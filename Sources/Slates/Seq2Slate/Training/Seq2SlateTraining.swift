import RankingData

/// How a `Seq2Slate` model is trained: supervised by clicks first, and then, where `reinforce` asks
/// for it, on the reward of the orders it draws.
public struct Seq2SlateTraining: Codable, Sendable, Hashable {
  /// What a decoding step costs against the clicks that are left.
  public enum Loss: String, Codable, Sendable, Hashable, CaseIterable {
    /// Of the clicks against the softmax over what is left.
    case crossEntropy = "cross_entropy"
    /// By how much the worst click fails to lead the best other candidate by 1.
    case hinge
  }

  /// Whose choices the decoder sees as its past.
  public enum Prefix: String, Codable, Sendable, Hashable, CaseIterable {
    /// The clicks first, then the rest in base order.
    case teacher
    /// More and more often the model's own, drawn from its distribution.
    case samples
    /// More and more often the model's own best.
    case greedy
  }

  /// In which order the encoder reads the candidates.
  public enum InputOrder: String, Codable, Sendable, Hashable, CaseIterable {
    /// As the base ranker has them.
    case base
    /// Shuffled, in training and in validation: an ablation that shows what the order is worth.
    case shuffled
  }

  /// What early stopping watches on the validation lists.
  public enum Criterion: String, Codable, Sendable, Hashable, CaseIterable {
    /// NDCG@10 of the clicks in greedily decoded order; weighted where there is a `propensity`.
    case ndcg
    /// The loss with the teacher's choices as the past.
    case loss
  }

  /// The most passes over the training lists in the supervised stage.
  public var epochs = 20
  /// Epochs without a better validation score before a stage stops.
  public var patience = 3
  /// Lists per step.
  public var batchSize = 64
  /// Adam's step length.
  public var learningRate = 1e-3
  /// How strongly weights are drawn to zero, in AdamW's sense.
  public var weightDecay = 0.0
  /// Limit on the joint norm of the gradient.
  public var clipNorm = 1.0
  /// Decoding steps that are trained; what is served should not decode more.
  public var steps = 10
  /// What a step costs.
  public var loss = Loss.crossEntropy
  /// Whose choices the decoder sees as its past.
  public var prefix = Prefix.greedy
  /// The share of the model's own choices in the past it is shown, at the end of annealing. It
  /// rises linearly from 0; 0 keeps to the teacher, as `prefix: teacher` does.
  public var modelShare = 1.0
  /// The part of the epochs over which the share rises.
  public var annealing = 0.5
  /// What early stopping watches.
  public var criterion = Criterion.ndcg
  /// In which order the encoder reads the candidates.
  public var inputOrder = InputOrder.base
  /// Corrects clicks for where the candidates were shown; nil trusts them as they are.
  public var propensity: ClickPropensity?
  /// A second stage on rewards; nil for none.
  public var reinforce: Reinforce?
  /// Drives initialisation, the order of the lists, and sampled pasts.
  public var seed: UInt64 = 0

  /// The defaults.
  public init() {}

  /// Every key it reads.
  public static let keys = CodingKeys.allCases.map(\.rawValue)

  /// Every key of the sections among `keys`.
  public static let sections = [
    (name: CodingKeys.propensity.rawValue, keys: ClickPropensity.keys),
    (name: CodingKeys.reinforce.rawValue, keys: Reinforce.keys),
  ]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case epochs, patience, steps, loss, prefix, annealing, criterion, propensity, reinforce, seed
    case batchSize = "batch_size"
    case learningRate = "learning_rate"
    case weightDecay = "weight_decay"
    case clipNorm = "clip_norm"
    case modelShare = "model_share"
    case inputOrder = "input_order"
  }

  /// Every missing field takes its default.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&epochs, .epochs)
    try container.update(&patience, .patience)
    try container.update(&batchSize, .batchSize)
    try container.update(&learningRate, .learningRate)
    try container.update(&weightDecay, .weightDecay)
    try container.update(&clipNorm, .clipNorm)
    try container.update(&steps, .steps)
    try container.update(&loss, .loss)
    try container.update(&prefix, .prefix)
    try container.update(&modelShare, .modelShare)
    try container.update(&annealing, .annealing)
    try container.update(&criterion, .criterion)
    try container.update(&inputOrder, .inputOrder)
    try container.update(&propensity, .propensity)
    try container.update(&reinforce, .reinforce)
    try container.update(&seed, .seed)
  }
}
