import NeuralNetworks
import RankingData

/// A training of trees round by round: the rows, the model that grows, and what it says of the
/// validation rows so far.
struct BoostingRun: ~Copyable {
  let configuration: BoostedTrees.Configuration
  let columns: FeatureColumns
  let rows: LabelledRows
  private let matrix: DMatrix
  private let booster: Booster
  private let seed: UInt64
  private let validation: [Float]
  /// Margins of the training rows, in the order of `rows`.
  private(set) var margins: [Float] = []
  /// Margins of the validation rows, in their own order.
  private(set) var validationMargins: [Float]
  private(set) var rounds = 0

  /// Copies the rows into the library and starts with no trees.
  init(
    _ ranker: BoostedTrees, _ rows: LabelledRows, _ source: some RankingBatchSource,
    validation: LabelledRows, _ validationSource: some RankingBatchSource, seed: UInt64
  ) throws(BoostingError) {
    let configuration = ranker.configuration
    let columns = ranker.columns
    let matrix = try Self.matrix(ranker, rows, source)
    let booster = try Booster.empty(
      parameters: configuration.parameters(columns), matrix: matrix, columns: columns)
    if let centre = ranker.images?.centre {
      try booster.setAttribute(
        BoostedTrees.centreKey, centre.map { "\($0)" }.joined(separator: " "))
    }
    self.configuration = configuration
    self.columns = columns
    self.rows = rows
    self.seed = seed
    self.matrix = matrix
    self.booster = booster
    self.validation = ColumnBlocks(
      source: validationSource, order: validation.order, columns: columns, images: ranker.images
    ).block(0..<validation.count)
    validationMargins = [Float](repeating: .nan, count: validation.count)
  }

  private static func matrix(
    _ ranker: BoostedTrees, _ rows: LabelledRows, _ source: some RankingBatchSource
  ) throws(BoostingError) -> DMatrix {
    let configuration = ranker.configuration
    let columns = ranker.columns
    let blocks = ColumnBlocks(
      source: source, order: rows.order, columns: columns, images: ranker.images)
    // XGBoost weighs whole requests where it ranks them, and our own gradients are weighed here.
    let ranks = configuration.objective.ranks
    let weights = rows.areWeighted && !ranks ? rows.weights : []
    let threads = configuration.threads
    let matrix =
      configuration.treeMethod == .histogram
      ? try DMatrix.quantised(
        blocks, columns: columns, weights: weights, bins: configuration.maxBin, threads: threads)
      : try DMatrix.dense(blocks.block(0..<blocks.count), columns: columns, threads: threads)
    try matrix.set(labels: rows.labels)
    if !weights.isEmpty { try matrix.set(weights: weights) }
    if ranks {
      try matrix.set(groups: rows.groupSizes)
      if rows.areWeighted, configuration.objective != .lambdaMART {
        try matrix.set(weights: rows.groupWeights)
      }
    }
    return matrix
  }

  /// Adds a round of trees.
  mutating func advance() throws(BoostingError) {
    for (key, value) in configuration.draws(round: rounds, seed: seed) {
      try booster.set(key, value)
    }
    if configuration.objective == .lambdaMART {
      if rounds == 0 { margins = try booster.margins(matrix, training: true) }
      let derivatives = LambdaMART(
        truncation: configuration.truncation, normalize: configuration.normalize
      ).derivatives(
        scores: margins, labels: rows.labels, weights: rows.weights, requests: rows.requests)
      try booster.boost(
        round: rounds, matrix, gradients: derivatives.gradients, hessians: derivatives.hessians)
    } else {
      try booster.update(round: rounds, matrix)
    }
    try add(TreeEnsemble(json: booster.slice(rounds..<rounds + 1).json()))
    rounds += 1
    margins = try booster.margins(matrix, training: true)
  }

  /// Goes on from a model that was written earlier.
  mutating func resume(_ json: [UInt8], rounds: Int) throws(BoostingError) {
    // Read by our own parser first: the library trusts its input.
    try add(TreeEnsemble(json: json))
    try booster.load(json)
    for (key, value) in configuration.parameters(columns) {
      try booster.set(key, value)
    }
    self.rounds = rounds
    margins = try booster.margins(matrix, training: true)
  }

  private mutating func add(_ trees: TreeEnsemble) {
    if rounds == 0 {
      validationMargins = [Float](repeating: trees.baseMargin, count: validationMargins.count)
    }
    trees.add(to: &validationMargins, validation)
  }

  /// The first rounds as XGBoost's file.
  func json(rounds: Int) throws(BoostingError) -> [UInt8] {
    rounds == self.rounds ? try booster.json() : try booster.slice(0..<rounds).json()
  }
}
