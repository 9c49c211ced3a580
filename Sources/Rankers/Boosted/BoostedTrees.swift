public import RankingData

/// Gradient boosted trees (Friedman, 2001; XGBoost: Chen and Guestrin, KDD 2016), for scores that
/// jump where a number passes a threshold: often the strongest ranker on hand-made features.
///
/// XGBoost's own library trains, and its own file is kept, so that Python opens it; scoring is ours
/// and gives the same bits. Trees cannot extrapolate: beyond the largest value seen, a number changes
/// nothing.
public struct BoostedTrees: Ranker {
  /// What the user chose.
  public let configuration: Configuration
  /// The batches this ranker was built for.
  public let input: RankerInput
  let columns: FeatureColumns
  var trees: TreeEnsemble?
  /// XGBoost's JSON of `trees`.
  var file: [UInt8] = []
  var images: ImageColumns?

  /// Rows that are turned into columns at once.
  private static let blockRows = 512

  /// See `Ranker`. Without training, every score is 0.
  public init(
    configuration: Configuration, input: RankerInput, seed: UInt64
  ) throws(RankerError) {
    try configuration.validate()
    self.configuration = configuration
    self.input = input
    columns = FeatureColumns(input, configuration)
    guard columns.width > 0 else {
      throw .configuration(
        key: "schema", value: "no features", reason: "a ranker needs at least one")
    }
    try columns.check(configuration)
  }

  /// See `Ranker`.
  public func output(of plan: RankerTraining) -> RankerOutput {
    configuration.objective == .logistic ? .logit : .score
  }

  /// See `Ranker`.
  public func scores(of batch: RankingBatch) -> [Float] {
    guard let trees else { return [Float](repeating: 0, count: batch.count) }
    guard batch.count > Self.blockRows else {
      return trees.margins(columns.rows(of: batch, images))
    }
    let order = Array(0..<Int32(batch.count))
    return stride(from: 0, to: batch.count, by: Self.blockRows).flatMap { first in
      let block = batch.batch(order[first..<min(first + Self.blockRows, batch.count)])
      return trees.margins(columns.rows(of: block, images))
    }
  }

  /// See `Ranker`.
  public mutating func attach(_ table: VisualTable, version: String) throws(RankerError) {
    guard columns.imageWidth > 0, let visual = input.visual else { return }
    guard version == visual.version else {
      throw .visualVersion(expected: visual.version, found: version)
    }
    guard table.count == 0 || table.width == visual.width else {
      throw .visualWidth(expected: visual.width, found: table.width)
    }
    let centre = images?.centre ?? trees.flatMap(Self.centre) ?? []
    images = ImageColumns(
      table: table,
      centre: centre.count == visual.width ? centre : [Float](repeating: 0, count: visual.width))
  }

  /// See `Ranker`: nothing can be done before a batch is there.
  public func prepared() -> Self { self }

  /// What each feature that splits did, the largest gain first; empty before training.
  public func importance() -> [FeatureImportance] { trees?.importance() ?? [] }
}
