import NeuralNetworks
public import RankingData
import Tensors

/// A linear ranker that a solver of its own fits to all rows at once, rather than steps along
/// gradients.
public protocol LinearRanker: WeightedRanker {
  /// The weights.
  var model: LinearModel { get set }
}

extension LinearRanker {
  /// See `Ranker`.
  public static var parameterFiles: [String] { ["weights.safetensors"] }

  /// See `Ranker`.
  public func scores(of batch: RankingBatch) -> [Float] {
    guard batch.count > 0 else { return [] }
    return model(batch, .inference()).scalars.map { Float($0) }
  }

  /// See `Ranker`.
  public mutating func attach(_ table: VisualTable, version: String) throws(RankerError) {
    try model.visual?.attach(table, version: version)
  }

  /// A copy in which every image is projected already.
  public func prepared() -> Self {
    var copy = self
    copy.model.visual?.prepare()
    return copy
  }

  /// See `Ranker`.
  public func saveParameters(to folder: String) throws {
    try ParameterList(model).save(to: "\(folder)/\(Self.parameterFiles[0])")
  }

  /// See `Ranker`.
  public mutating func loadParameters(from folder: String) throws {
    try ParameterList(model).load(from: "\(folder)/\(Self.parameterFiles[0])")
  }
}

/// One problem solved: what the fits of linear rankers share.
struct LinearFit<Training: RankingBatchSource, Validation: RankingBatchSource> {
  let training: Training
  let validation: Validation
  let plan: RankerTraining
  /// Whether scores become logits.
  let calibrates: Bool
  /// The largest gap, as a share of the objective.
  let tolerance: Double

  /// Solves, calibrates and judges. The ranker's weights are the solution's.
  func run(
    _ ranker: some LinearRanker, constant: Bool, report: (RankerEpoch) -> Void,
    _ solve: (LinearDesign) throws -> LinearSolution
  ) throws -> TrainingRecord {
    guard training.count > 0 else { throw RankerError.noRows("training") }
    guard validation.count > 0 else { throw RankerError.noRows("validation") }
    guard plan.loss == RankerTraining().loss else {
      throw RankerError.configuration(
        key: "training.loss", value: "'\(plan.loss.kind)'",
        reason: "a '\(ranker.kind)' minimises its own; choose it by the ranker's 'loss'")
    }
    let clock = ContinuousClock()
    let start = clock.now
    let model = ranker.model
    model.visual?.standardize()
    let design = LinearDesign(of: training, for: model, constant: constant)
    let solution = try solve(design)
    guard solution.relativeGap <= tolerance else {
      throw RankerError.notSolved(
        kind: ranker.kind, gap: solution.relativeGap, tolerance: tolerance,
        passes: solution.passes)
    }
    design.place(solution.weights, into: model)
    if calibrates {
      let platt = try PlattScaling.fit(
        scores: allScores(ranker), labels: validation.labels, weights: validation.weights)
      design.place(solution.weights, slope: platt.slope, offset: platt.offset, into: model)
    }
    let seconds = start.duration(to: clock.now) / .seconds(1)
    let quality = try RankerQuality(of: ranker, on: validation, plan: plan)
    let epoch = EpochRecord(
      epoch: 1, loss: solution.objective, score: quality.score(by: plan.monitor),
      batches: solution.passes)
    report(
      RankerEpoch(
        epoch: 1, loss: solution.objective, validation: quality,
        rowsPerSecond: Double(training.count * solution.passes) / max(seconds, 1e-9)))
    var record = TrainingRecord()
    record.epochs = [epoch]
    record.best = epoch
    return record
  }

  private func allScores(_ ranker: some LinearRanker) -> [Float] {
    let order = Array(0..<Int32(validation.count))
    return stride(from: 0, to: order.count, by: 4096).flatMap { first in
      ranker.scores(of: validation.batch(order[first..<min(first + 4096, order.count)]))
    }
  }
}
