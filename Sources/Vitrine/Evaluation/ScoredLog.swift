import Foundation
import Rankers
import RankingData
import RankingEvaluation

/// Rows of a log and what a model makes of them.
package struct ScoredLog: Sendable {
  /// Grades or probabilities, at least 0, by row.
  package private(set) var labels: [Float] = []
  /// By row: logits, or scores that only order.
  package private(set) var scores: [Float] = []
  /// By row.
  package private(set) var weights: [Float] = []
  /// Dense user numbers, by row.
  package private(set) var users: [Int32] = []
  /// Dense request numbers, by row.
  package private(set) var requests: [Int32] = []
  /// Position of each row's item among all items by id, by row: what orders equal scores.
  package private(set) var itemOrder: [Int32] = []
  /// What the scores mean.
  package private(set) var output: RankerOutput
  /// The outcomes of a ranker of several tasks; empty for others.
  package private(set) var outcomes: [Outcome] = []
  /// Share of rows whose item has no row in the vocabulary; nil where the model reads no items.
  package let unknownItems: Double?

  /// One outcome over the rows.
  package struct Outcome: Sendable {
    /// Its name.
    package let name: String
    /// Logits by row.
    package let logits: [Float]
    /// Labels by row; NaN where a row says nothing.
    package let labels: [Float]
  }

  /// Scores rows in blocks, so that memory does not grow with the network's activations.
  init(
    _ bundle: RankerBundle, _ log: ImpressionLog, _ rows: RowSelection<CompiledLog>,
    _ layout: FeatureLayout
  ) {
    output = bundle.output
    let ranker = bundle.ranker as? any MultiTaskRanker
    var tasks = ranker.map { bundle.taskScores(of: $0) }
    var taskLabels = layout.tasks.map { _ in [Float]() }
    var unknown = 0
    for first in stride(from: 0, to: rows.count, by: 4096) {
      let block = Array(Int32(first)..<Int32(min(first + 4096, rows.count)))
      let batch = rows.batch(block[...])
      if let ranker {
        tasks?.score(batch, ranker)
      } else {
        scores += bundle.scores(of: batch)
      }
      for task in batch.taskLabels.indices { taskLabels[task] += batch.taskLabels[task] }
      labels += batch.labels
      weights += batch.weights
      users += batch.groups
      requests += batch.requests
      if let field = layout.itemField { unknown += batch.categorical[field].count { $0 == 0 } }
    }
    if let ranker, let tasks {
      scores = bundle.scores(of: tasks, ranker)
      outcomes = Self.outcomes(of: ranker, tasks, labels, taskLabels)
    }
    unknownItems = layout.itemField.map { _ in Double(unknown) / Double(max(rows.count, 1)) }
    let values = Array(log.items.values)
    let sorted = values.indices.sorted {
      values[$0].utf8.lexicographicallyPrecedes(values[$1].utf8)
    }
    var places = [Int32](repeating: 0, count: values.count)
    for (place, code) in sorted.enumerated() { places[code] = Int32(place) }
    itemOrder = rows.rows.map { places[Int(log.items.codes[Int($0)])] }
  }

  private static func outcomes(
    of ranker: some MultiTaskRanker, _ scores: TaskScores, _ label: [Float], _ tasks: [[Float]]
  ) -> [Outcome] {
    guard !tasks.isEmpty else { return [] }
    let labels = type(of: ranker).outcomeLabels(label: label, tasks: tasks)
    return ranker.outcomes.indices.map {
      Outcome(name: ranker.outcomes[$0], logits: scores.logits[$0], labels: labels[$0])
    }
  }

  /// The rows that say something about an outcome, as its logits and labels; nil without any.
  func judging(_ name: String) -> ScoredLog? {
    guard let outcome = outcomes.first(where: { $0.name == name }) else { return nil }
    var log = self
    (log.scores, log.labels, log.output) = (outcome.logits, outcome.labels, .logit)
    let rows = outcome.labels.indices.filter { !outcome.labels[$0].isNaN }
    return rows.isEmpty ? nil : log.selecting(rows.map(Int32.init))
  }

  /// Some of the rows.
  func selecting(_ rows: [Int32]) -> ScoredLog {
    func chosen<Value>(_ column: [Value]) -> [Value] { rows.map { column[Int($0)] } }
    var selection = self
    selection.labels = chosen(labels)
    selection.scores = chosen(scores)
    selection.weights = chosen(weights)
    selection.users = chosen(users)
    selection.requests = chosen(requests)
    selection.itemOrder = chosen(itemOrder)
    return selection
  }

  /// 1 for what counts as positive, else 0.
  var classes: [Float] { labels.map { isPositive($0) ? 1 : 0 } }

  /// The scores as probabilities of a positive label.
  var probabilities: [Float] { scores.map { 1 / (1 + exp(-$0)) } }

  /// The weights, where they differ.
  var unequalWeights: [Float]? { weights.allSatisfy { $0 == 1 } ? nil : weights }

  /// Its requests as ranked lists.
  func ranked() throws -> RankedRequests {
    try RankedRequests(scores: scores, labels: labels, requests: requests, ties: itemOrder)
  }

  /// Share of rows of users without both classes.
  func impressionsWithoutPair() throws -> Double {
    let paired = try userAUCs(scores: scores, labels: classes, groups: users)
    return 1 - Double(paired.reduce(0) { $0 + $1.impressions }) / Double(max(labels.count, 1))
  }

  /// Share of requests without a positive label.
  var requestsWithoutPositive: Double {
    let size = Int(requests.max() ?? -1) + 1
    var (shown, positive) = ([Bool](repeating: false, count: size), 0)
    var found = shown
    for (row, request) in requests.enumerated() {
      shown[Int(request)] = true
      if isPositive(labels[row]), !found[Int(request)] {
        found[Int(request)] = true
        positive += 1
      }
    }
    return 1 - Double(positive) / Double(max(shown.count { $0 }, 1))
  }
}
