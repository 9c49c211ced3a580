import NeuralNetworks
import RankingData
import RankingEvaluation

/// Judges a training of trees after each round, by our own metrics.
struct BoostingJudge {
  private let objective: BoostedTrees.Objective
  private let monitor: RankerTraining.Monitor
  private let output: RankerOutput
  private let rows: LabelledRows
  private let held: LabelledRows
  /// Requests of the rows trained on and of those held out, each in the order of its rows.
  private let requests: RequestRows
  private let heldRequests: RequestRows
  /// Users of the rows held out, where they are asked for.
  private let heldGroups: [Int32]

  /// - Throws: `RankerError` for a monitor that means nothing to the objective or the rows.
  init(
    _ ranker: BoostedTrees, _ plan: RankerTraining, training: LabelledRows, held: LabelledRows,
    heldRequests: [Int32], heldGroups: @autoclosure () -> [Int32]
  ) throws(RankerError) {
    objective = ranker.configuration.objective
    monitor = plan.monitor
    output = ranker.output(of: plan)
    (rows, self.held) = (training, held)
    requests = RequestRows(training.requestNumbers)
    self.heldRequests = RequestRows(held.order.map { heldRequests[Int($0)] })
    if plan.monitor == .gauc {
      let groups = heldGroups()
      self.heldGroups = held.order.map { groups[Int($0)] }
    } else {
      self.heldGroups = []
    }
    if case .task = monitor {
      throw .configuration(
        key: "monitor", value: "'\(monitor.rawValue)'", reason: "trees have no task but the label")
    }
    guard monitor != .logLoss || output == .logit else {
      throw .configuration(
        key: "monitor", value: "log_loss",
        reason: "the scores of \(objective.rawValue) are no probabilities; use ndcg@10 or auc")
    }
    if objective.ranks { try Self.checkOrder("training", requests, rows.labels) }
    if monitor.needsOrder { try Self.checkOrder("validation", self.heldRequests, held.labels) }
  }

  private static func checkOrder(
    _ role: String, _ requests: RequestRows, _ labels: [Float]
  ) throws(RankerError) {
    guard (0..<requests.count).contains(where: { requests.isComparable($0, labels) }) else {
      throw .noOrder(role)
    }
  }

  func callAsFunction(_ run: borrowing BoostingRun) throws -> (EpochRecord, RankerQuality) {
    let quality = try RankerQuality(
      logits: run.validationMargins, labels: held.labels, weights: held.weights,
      requests: heldRequests, groups: heldGroups, output: output, monitor: monitor)
    let epoch = EpochRecord(
      epoch: run.rounds, loss: try loss(run.margins), score: quality.score(by: monitor),
      batches: 1, learningRate: run.configuration.eta)
    return (epoch, quality)
  }

  /// What the objective minimises, or for those that rank, what NDCG lacks to 1.
  private func loss(_ margins: [Float]) throws -> Double {
    switch objective {
    case .logistic:
      return try logLoss(logits: margins, labels: rows.labels, weights: rows.weights)
    case .squaredError:
      var (sum, weights) = (0.0, 0.0)
      for (row, margin) in margins.enumerated() {
        let error = Double(margin - rows.labels[row])
        sum += error * error * Double(rows.weights[row])
        weights += Double(rows.weights[row])
      }
      return weights > 0 ? sum / weights : 0
    case .pairwise, .ndcg, .averagePrecision, .lambdaMART:
      let lists = RankerQuality.lists(margins, rows.labels, requests)
      return 1 - (try NDCG(cutoff: nil).mean(lists).value)
    }
  }
}
