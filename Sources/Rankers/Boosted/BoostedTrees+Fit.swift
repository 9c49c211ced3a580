public import NeuralNetworks
import RankingData

extension BoostedTrees {
  /// Rounds between two checkpoints.
  private static let checkpointRounds = 25
  /// Vectors from which the mean image is taken.
  private static let centreVectors = 10_000
  /// XGBoost shifts a bit by the grade.
  private static let largestGrade: Float = 31

  /// Trains round by round and keeps the trees up to the best round.
  ///
  /// Each round is judged on the validation rows by our own scoring and the plan's monitor, NDCG@10
  /// unless the objective is logistic or the plan says otherwise. Batch size, learning rate and
  /// patience of the plan mean nothing here; `rounds`, `eta` and `early_stopping` do.
  ///
  /// A task that is cancelled stops within a round, and its checkpoint holds all that are finished.
  ///
  /// Memory: one or two bytes for each number of the training rows with `hist` (8 to 12 otherwise),
  /// 4 for those of the validation rows, and a block of 128 MiB.
  @discardableResult
  public mutating func fit(
    training: some RankingBatchSource, validation: some RankingBatchSource, plan: RankerTraining,
    checkpoint: Checkpoint?, progress: (RankerProgress) -> Void, report: (RankerEpoch) -> Void
  ) throws -> TrainingRecord {
    let plan = specification.completing(plan)
    try plan.validate()
    guard plan.loss == RankerTraining().loss else {
      throw RankerError.configuration(
        key: "loss", value: "a loss of networks",
        reason: "boosted trees minimise the objective of their own: model.objective")
    }
    guard training.count > 0 else { throw RankerError.noRows("training") }
    guard validation.count > 0 else { throw RankerError.noRows("validation") }
    let ranks = configuration.objective.ranks
    let rows = LabelledRows(of: training, byRequest: ranks)
    let held = LabelledRows(of: validation, byRequest: ranks)
    for labels in [rows.labels, held.labels] { try checkLabels(labels) }
    let judge = try BoostingJudge(
      self, plan, training: rows, held: held, heldRequests: validation.requests,
      heldGroups: validation.userNumbers)
    if let table = images?.table, let centre = table.mean(of: Self.centreVectors) {
      images?.centre = centre
    }
    var run = try BoostingRun(
      self, rows, training, validation: held, validation, seed: plan.seed)
    let store = checkpoint.map(BoostingCheckpoint.init(place:))
    var record = TrainingRecord()
    if let (stopped, json) = try store?.load() {
      try run.resume(json, rounds: stopped.epochs.count)
      record = stopped
    }
    while run.rounds < configuration.rounds, !isStale(record) {
      if Task.isCancelled {
        if run.rounds > 0 { try store?.save(record, run.json(rounds: run.rounds)) }
        throw CancellationError()
      }
      let start = ContinuousClock().now
      try run.advance()
      let seconds = start.duration(to: .now) / .seconds(1)
      let (epoch, quality) = try judge(run)
      record.epochs.append(epoch)
      if record.best.map({ epoch.score > $0.score }) ?? true { record.best = epoch }
      report(
        RankerEpoch(
          epoch: epoch.epoch, loss: epoch.loss, validation: quality,
          rowsPerSecond: Double(rows.count) / max(seconds, 1e-9)))
      if run.rounds % Self.checkpointRounds == 0 {
        try store?.save(record, run.json(rounds: run.rounds))
      }
    }
    try store?.save(record, run.json(rounds: run.rounds))
    try install(run.json(rounds: record.best?.epoch ?? run.rounds))
    return record
  }

  private func isStale(_ record: TrainingRecord) -> Bool {
    let since = record.epochs.count - (record.best?.epoch ?? 0)
    return configuration.earlyStopping > 0 && since >= configuration.earlyStopping
  }

  private func checkLabels(_ labels: [Float]) throws(BoostingError) {
    let objective = configuration.objective
    guard objective != .squaredError,
      let label = labels.first(where: {
        !($0 >= 0 && $0 <= (objective == .logistic ? 1 : Self.largestGrade))
      })
    else { return }
    throw BoostingError(
      "A label is \(label), and \(objective.rawValue) needs labels from 0 to "
        + (objective == .logistic ? "1" : "\(Int(Self.largestGrade))"),
      remedy: objective == .logistic
        ? "Use an objective that takes grades, such as lambdamart, or say in the schema which"
          + " labels are positive." : "Number the grades from 0.")
  }
}
