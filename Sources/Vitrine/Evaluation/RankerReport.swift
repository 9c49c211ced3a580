import Foundation
import Rankers
import RankingData
import RankingEvaluation

/// How a ranker does on a part of a log, and how much better or worse than another.
public struct RankerReport: Sendable, Codable {
  /// Impressions judged.
  public var rows: Int
  /// Users among them.
  public var users: Int
  /// Share of impressions whose item the training never saw.
  public var unknownItems: Double
  /// The model's metrics.
  public var metrics: [MetricEstimate]
  /// This model less the other, resampled in pairs; empty without another.
  public var differences: [MetricEstimate]
}

/// Judges rankers by a log: AUC and GAUC by impressions, NDCG@10 by requests, and log loss.
/// Intervals come from 1000 resamples of users.
public struct RankerJudge {
  private let data: DataSource
  private let part: DataSource.Part
  private let features: VisualFeatures?
  private let bootstrap = PairedBootstrap()

  /// A judge of one part of a log.
  public init(data: DataSource, part: DataSource.Part, features: VisualFeatures?) {
    self.data = data
    self.part = part
    self.features = features
  }

  /// Loads a bundle and gives it the features it wants.
  func load(_ path: String) throws -> RankerBundle {
    var bundle = try RankerBundle(path: path)
    guard bundle.readsVisualFeatures else { return bundle }
    guard let features else {
      throw VitrineError(
        "\(path): the model looks at images, but there is no feature cache",
        remedy: "Pass --cache, or set cache in the configuration.")
    }
    try bundle.attach(features)
    return bundle
  }

  /// Judges a bundle, against another one if given.
  public func report(on bundle: RankerBundle, against other: RankerBundle?) throws -> RankerReport {
    let scored = try score(bundle)
    let baseline = try other.map(score)
    if let baseline, baseline.labels != scored.labels {
      throw VitrineError(
        "the two models name different label columns and cannot be compared",
        remedy: "Compare models trained on the same label.")
    }
    let groups = scored.groups
    let flat = [Float](repeating: 0, count: scored.labels.count)
    let coin = Scored(
      scored, probabilities: [Float](repeating: 0.5, count: flat.count), logits: flat)
    let areas = try differences(coin, scored)
    var metrics = [
      MetricEstimate("AUC", areas.auc, offset: 0.5),
      MetricEstimate("GAUC", areas.gauc, offset: 0.5),
    ]
    let ndcg = try ndcgs(scored)
    metrics.append(
      MetricEstimate("NDCG@10", try bootstrap.meanDifference(ndcg.map { _ in 0 }, ndcg)))
    let losses = logLosses(scored)
    metrics.append(
      MetricEstimate("log loss", try bootstrap.meanDifference(losses.map { _ in 0 }, losses)))
    var gains: [MetricEstimate] = []
    if let baseline {
      let change = try differences(baseline, scored)
      gains = [
        MetricEstimate("AUC", change.auc), MetricEstimate("GAUC", change.gauc),
        MetricEstimate("NDCG@10", try bootstrap.meanDifference(try ndcgs(baseline), ndcg)),
        MetricEstimate("log loss", try bootstrap.meanDifference(logLosses(baseline), losses)),
      ]
    }
    return RankerReport(
      rows: scored.labels.count, users: Set(groups).count, unknownItems: scored.unknownItems,
      metrics: metrics, differences: gains)
  }

  private struct Scored {
    var labels: [Float]
    var groups: [Int32]
    var requests: [Int32]
    var probabilities: [Float]
    var logits: [Float]
    var unknownItems: Double

    init(_ batch: RankingBatch, logits: [Float], probabilities: [Float], unknownItems: Double) {
      labels = batch.labels
      groups = batch.groups
      requests = batch.requests
      self.logits = logits
      self.probabilities = probabilities
      self.unknownItems = unknownItems
    }

    init(_ other: Scored, probabilities: [Float], logits: [Float]) {
      self = other
      self.probabilities = probabilities
      self.logits = logits
    }
  }

  private func score(_ bundle: RankerBundle) throws -> Scored {
    let (log, rows) = try data.load(bundle.transform.schema)
    let compiled = try CompiledLog(
      log, transform: bundle.transform, visual: bundle.readsVisualFeatures ? features?.table : nil)
    let batch = compiled.batch(rows[part])
    let logits = bundle.ranker.logits(of: batch)
    let unknown =
      batch.categorical.indices.first { compiled.layout.itemField == $0 }
      .map { field in batch.categorical[field].count { $0 == 0 } } ?? 0
    return Scored(
      batch, logits: logits, probabilities: bundle.ranker.score(batch),
      unknownItems: Double(unknown) / Double(max(batch.count, 1)))
  }

  private func differences(_ a: Scored, _ b: Scored) throws -> (
    auc: BootstrapInterval, gauc: BootstrapInterval
  ) {
    (
      try bootstrap.aucDifference(a.logits, b.logits, labels: b.labels, groups: b.groups),
      try bootstrap.groupedAUCDifference(a.logits, b.logits, labels: b.labels, groups: b.groups)
    )
  }

  /// NDCG@10 of every request with a positive, in order of the requests' numbers.
  private func ndcgs(_ scored: Scored) throws -> [Double] {
    var members: [Int32: [Int]] = [:]
    for (row, request) in scored.requests.enumerated() { members[request, default: []].append(row) }
    var values: [Double] = []
    for (_, rows) in members.sorted(by: { $0.key < $1.key }) {
      let order = try rankOrder(rows.map { Double(scored.logits[$0]) })
      if let value = try NDCG(cutoff: 10)(order.map { scored.labels[rows[$0]] }) {
        values.append(value)
      }
    }
    return values
  }

  /// Each user's share of the log loss, in order of the users' numbers: their mean over users is
  /// the mean over rows.
  private func logLosses(_ scored: Scored) -> [Double] {
    var sums: [Int32: Double] = [:]
    for (row, user) in scored.groups.enumerated() {
      let probability = min(max(Double(scored.probabilities[row]), 1e-7), 1 - 1e-7)
      let loss = scored.labels[row] >= 0.5 ? -log(probability) : -log(1 - probability)
      sums[user, default: 0] += loss
    }
    let scale = Double(sums.count) / Double(max(scored.groups.count, 1))
    return sums.sorted { $0.key < $1.key }.map { $0.value * scale }
  }
}
