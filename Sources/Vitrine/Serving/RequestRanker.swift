import Foundation
import Rankers
public import RankingData

/// Scores the candidates of requests and sorts them: what `vitrine rank` does. A value without
/// mutable state; one instance serves any number of tasks.
public struct RequestRanker: Sendable {
  private let bundle: RankerBundle
  private let visual: VisualTable?
  private let catalogue: Catalogue?
  private let overrides: ScoreOverrides?

  init(_ bundle: RankerBundle, catalogue: Catalogue?, overrides: ScoreOverrides? = nil) {
    self.bundle = bundle
    self.overrides = overrides
    visual = bundle.readsVisualFeatures ? bundle.features?.table : nil
    self.catalogue = catalogue
  }

  /// Loads a model and what it needs.
  ///
  /// - Parameters:
  ///   - model: a ranker's bundle.
  ///   - cache: the feature cache; nil for the one that came with the model, and without one, every
  ///     image counts as missing.
  ///   - catalogue: item features for requests that bring only ids.
  ///   - overrides: corrections of scores by people.
  public init(
    model: String, cache: String? = nil, catalogue: String? = nil, overrides: String? = nil
  ) throws {
    var bundle = try RankerBundle(path: model)
    if bundle.readsVisualFeatures, let cache = cache ?? bundle.cache {
      try bundle.attach(VisualFeatures(cache: cache, version: bundle.visualVersion))
    }
    let items = try catalogue.map { try Catalogue(path: $0) }
    let corrections = try overrides.map { try ScoreOverrides(path: $0) }
    try corrections?.check(bundle.transform.schema, items)
    self.init(bundle, catalogue: items, overrides: corrections)
  }

  /// Whether it has images to look at.
  public var hasVisualFeatures: Bool { visual != nil }

  /// Whether the model looks at images.
  public var readsVisualFeatures: Bool { bundle.readsVisualFeatures }

  /// The score of each candidate, in the request's order: the probability of a positive label or the
  /// expected weight, where the model knows one (`RankerOutput`).
  public func scores(of request: RankingRequest) -> [Float] {
    var report = FeatureReport()
    return answers(to: request, report: &report).scores.map(bundle.output.shown)
  }

  /// Ranks a request, best first; equal scores are ordered by item id. Where scores are
  /// probabilities, the order is that of their logits, which differ even where both round to 1.
  /// - Parameter report: gathers what was unknown or missing.
  public func rank(_ request: RankingRequest, report: inout FeatureReport) -> RankedList {
    let (scores, tasks) = answers(to: request, report: &report)
    let order = scores.indices.sorted { a, b in
      scores[a] != scores[b]
        ? scores[a] > scores[b]
        : request.items[a].id.utf8.lexicographicallyPrecedes(request.items[b].id.utf8)
    }
    return RankedList(
      id: request.id,
      items: order.map { index in
        RankedItem(
          id: request.items[index].id, index: index,
          score: Double(shortest: bundle.output.shown(scores[index])),
          category: request.items[index].category
            ?? catalogue?.category(of: request.items[index].id),
          tasks: tasks?[index])
      })
  }

  private func answers(
    to request: RankingRequest, report: inout FeatureReport
  ) -> (scores: [Float], tasks: [[String: Double]]?) {
    let batch = bundle.transform.batch(
      for: [request], visual: visual, catalogue: catalogue, report: &report)
    let (scores, tasks) = bundle.answers(to: batch)
    guard let overrides else { return (scores, tasks) }
    let now = Int64(Date().timeIntervalSince1970)
    let adjustments = overrides.adjustments(
      of: request, schema: bundle.transform.schema, catalogue: catalogue, now: now)
    return (zip(scores, adjustments).map { Float(Double($0) + $1) }, tasks)
  }

  /// A sentence about the corrections in force now; nil without any list.
  public var overridesSummary: String? {
    guard let overrides else { return nil }
    let active = overrides.active(at: Int64(Date().timeIntervalSince1970)).count
    return "overrides \(overrides.version): \(active) of \(overrides.overrides.count) in force"
  }
}
