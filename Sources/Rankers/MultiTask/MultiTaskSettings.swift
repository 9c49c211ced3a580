import RankingData

/// What the configurations of all multi-task rankers have in common; every key has a default.
public struct MultiTaskSettings: Codable, Sendable, Hashable {
  /// Every key it reads.
  public static let keys = CodingKeys.allCases.map(\.rawValue)

  /// Numbers in the vector of an id, and in the projection of an image.
  public var width = 16
  /// Standard deviation of the first vectors.
  public var embeddingScale = 0.05
  /// λ of the penalty `λ/2 · Σ v²` on the vectors of a row's fields, averaged over rows.
  public var l2 = 0.0
  /// Share of hidden units left out in each training step.
  public var dropout = 0.0
  /// λₖ by the name of the task, the label included; 1 where none is given, and 0 for a task that is
  /// not learnt.
  public var tasks: [String: Double] = [:]
  /// Whether the weights of the tasks are learnt instead (Kendall, Gal and Cipolla, CVPR 2018).
  public var learnedWeights = false
  /// What rows are ordered by: `Σ w · log p` over outcomes by name, the logarithm of a weighted
  /// product; empty for the label's logit.
  public var score: [String: Double] = [:]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case width
    case embeddingScale = "embedding_scale"
    case l2, dropout, tasks
    case learnedWeights = "learned_weights"
    case score
  }

  /// The defaults.
  public init() {}

  /// Decodes any subset of the keys; the others keep their defaults.
  public init(from decoder: any Decoder) throws { try self.init(from: decoder, Self()) }

  /// The same over defaults of one kind's own.
  init(from decoder: any Decoder, _ defaults: Self) throws {
    self = defaults
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&width, .width)
    try container.update(&embeddingScale, .embeddingScale)
    try container.update(&l2, .l2)
    try container.update(&dropout, .dropout)
    try container.update(&tasks, .tasks)
    try container.update(&learnedWeights, .learnedWeights)
    try container.update(&score, .score)
  }

  /// What a network of theirs reads of a row.
  var columns: DenseInput.Options { DenseInput.Options(width: width, scale: embeddingScale) }

  func validate() throws(RankerError) {
    try check("width", width, 1...4096)
    try check("embedding_scale", embeddingScale, 0...10)
    try check("l2", l2, 0...1000)
    try check("dropout", dropout, 0...0.95)
    for (name, weight) in tasks { try check("tasks.\(name)", weight, 0...1e6) }
    for (name, weight) in score { try check("score.\(name)", weight, -1e3...1e3) }
    if learnedWeights, !tasks.isEmpty {
      throw .configuration(
        key: "learned_weights", value: "true", reason: "'tasks' gives the weights already")
    }
  }
}

/// The configuration of a multi-task ranker.
public protocol MultiTaskConfiguration: RankerConfiguration {
  /// What all of them have in common.
  var settings: MultiTaskSettings { get set }
}

/// Refuses a layer without units, or with more than any machine holds.
func checkUnits(_ key: String, _ units: [Int]) throws(RankerError) {
  for units in units { try check(key, units, 1...65_536) }
}
