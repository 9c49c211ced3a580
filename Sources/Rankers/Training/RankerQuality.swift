import RankingData
import RankingEvaluation

/// How a ranker does on labelled rows: what early stopping looks at.
public struct RankerQuality: Sendable, Hashable, Codable {
  /// Area under the ROC curve over all rows, ties counting half; 0.5 if no label differs. A grade is
  /// positive from 0.5.
  public var auc = 0.5
  /// Mean log loss, weighted by row; nil where scores are no logits or labels no probabilities.
  public var logLoss: Double?
  /// Mean NDCG of the requests, those without a relevant row left out; nil where it is not monitored.
  public var ndcg: Double?
  /// Mean reciprocal rank of the requests' first relevant rows; nil where it is not monitored.
  public var mrr: Double?
  /// AUC within users, averaged by their rows; nil where it is not monitored.
  public var gauc: Double?
  /// Area under the precision-recall curve; nil where it is not monitored.
  public var prAUC: Double?
  /// Each outcome of a ranker of several tasks; nil for others.
  public var tasks: [TaskQuality]?
  /// How far the tasks pull in one direction, where there are several.
  public var agreements: [TaskAgreement]?

  /// No rows yet.
  public init() {}

  /// Scores a source in blocks, as the monitor of a plan wants it. O(n log n).
  ///
  /// - Throws: `EvaluationError` if a score is not a number.
  public init(
    of ranker: some Ranker, on source: some RankingBatchSource, plan: RankerTraining = .init()
  ) throws {
    if let ranker = ranker as? any MultiTaskRanker {
      try self.init(ofTasks: ranker, on: source, plan: plan)
      return
    }
    let prepared = ranker.prepared()
    var scores: [Float] = []
    var groups: [Int32] = []
    let order = Array(0..<Int32(source.count))
    for first in stride(from: 0, to: order.count, by: 4096) {
      let batch = source.batch(order[first..<min(first + 4096, order.count)])
      scores += prepared.scores(of: batch)
      if plan.monitor == .gauc { groups += batch.groups }
    }
    try self.init(
      logits: scores, labels: source.labels, weights: source.weights,
      requests: RequestRows(source.requests), groups: groups, output: ranker.output(of: plan),
      monitor: plan.monitor)
  }

  /// The same of several tasks.
  private init(
    ofTasks ranker: some MultiTaskRanker, on source: some RankingBatchSource, plan: RankerTraining
  ) throws {
    let prepared = ranker.prepared()
    var scores = TaskScores(prepared)
    var groups: [Int32] = []
    let order = Array(0..<Int32(source.count))
    for first in stride(from: 0, to: order.count, by: 4096) {
      let batch = source.batch(order[first..<min(first + 4096, order.count)])
      scores.add(batch, prepared)
      if plan.monitor == .gauc { groups += batch.groups }
    }
    try self.init(
      logits: scores.scores, labels: source.labels, weights: source.weights,
      requests: RequestRows(source.requests), groups: groups, output: ranker.output(of: plan),
      monitor: plan.monitor)
    guard !ranker.input.layout.tasks.isEmpty else { return }
    tasks = try scores.quality(
      labels: type(of: ranker).outcomeLabels(label: source.labels, tasks: source.taskLabels),
      weights: source.weights)
    let sample = source.batch(order.prefix(512))
    agreements = ranker.agreements(on: sample, by: plan.loss.loss)
  }

  /// Measures given scores, as a monitor wants it.
  ///
  /// - Throws: `EvaluationError` if a score is not a number.
  package init(
    logits scores: [Float], labels: [Float], weights: [Float]?,
    requests: @autoclosure () -> RequestRows, groups: [Int32], output: RankerOutput,
    monitor: RankerTraining.Monitor
  ) throws {
    try self.init(logits: scores, labels: labels, weights: weights, output: output)
    let classes = labels.map { isPositive($0) ? Float(1) : 0 }
    switch monitor {
    case .auc, .logLoss, .task: break
    case .ndcg(let cutoff):
      ndcg = try NDCG(cutoff: cutoff).mean(Self.lists(scores, labels, requests())).value
    case .mrr: mrr = try ReciprocalRank().mean(Self.lists(scores, labels, requests())).value
    case .gauc: gauc = try groupedAUC(scores: scores, labels: classes, groups: groups).value
    case .prAUC where classes.contains(1):
      prAUC = try precisionRecallAUC(scores: scores, labels: classes)
    case .prAUC: break
    }
  }

  /// Measures given scores.
  ///
  /// - Throws: `EvaluationError` if a score is not a number.
  package init(
    logits scores: [Float], labels: [Float], weights: [Float]? = nil, output: RankerOutput = .logit
  ) throws {
    if output == .logit, labels.allSatisfy({ (0...1).contains($0) }) {
      logLoss = try RankingEvaluation.logLoss(logits: scores, labels: labels, weights: weights)
    }
    let classes = labels.map { isPositive($0) ? Float(1) : 0 }
    if Set(classes).count == 2 {
      auc = try RankingEvaluation.auc(scores: scores, labels: classes)
    }
  }

  /// What a monitor looks at; more is better.
  public func score(by monitor: RankerTraining.Monitor) -> Double {
    switch monitor {
    case .auc: auc
    case .logLoss: -(logLoss ?? .nan)
    case .ndcg: ndcg ?? .nan
    case .mrr: mrr ?? .nan
    case .gauc: gauc ?? .nan
    case .prAUC: prAUC ?? .nan
    case .task(let name): tasks?.first { $0.name == name }?.auc ?? .nan
    }
  }

  /// Each request's labels from its best score to its worst. Equal scores are ordered against the
  /// ranker, the least relevant first: it has not told them apart.
  static func lists(
    _ scores: [Float], _ labels: [Float], _ requests: RequestRows
  ) -> [[Float]] {
    (0..<requests.count).map { request in
      let rows = requests[request].map { (score: scores[Int($0)], label: labels[Int($0)]) }
      return rows.sorted { ($1.score, $0.label) < ($0.score, $1.label) }.map(\.label)
    }
  }
}

extension RankerQuality: CustomStringConvertible {
  /// What was measured, for a line of progress.
  public var description: String {
    let values: [(String, Double?)] = [
      ("AUC", auc), ("log loss", logLoss), ("NDCG", ndcg), ("MRR", mrr), ("GAUC", gauc),
      ("PR-AUC", prAUC),
    ]
    func digits(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }
    var parts = values.compactMap { name, value in value.map { "\(name) \(digits($0))" } }
    for task in (tasks ?? []).dropFirst() {
      if let auc = task.auc { parts.append("\(task.name) AUC \(digits(auc))") }
    }
    for agreement in agreements ?? [] {
      parts.append(
        "gradients of \(agreement.tasks.joined(separator: " and ")) at cosine"
          + " \(digits(agreement.cosine))")
    }
    return parts.joined(separator: ", ")
  }
}
