public import NeuralNetworks
package import RankingData
package import Tensors

/// How the losses of several tasks become one, and their predictions one score.
public struct TaskObjective: Module {
  /// λ of each task, the label first.
  package let weights: [Scalar]
  /// `[tasks]`: η of each task's noise `s² = exp η`, where weights are learnt; else nil.
  package let logVariances: Parameter?
  /// The weight of each outcome's log probability in the score; nil for the label's logit.
  private let score: [Scalar]?

  /// - Throws: `RankerError.configuration` where a name is no task, or a weight makes no loss or score.
  package init<Model: MultiTaskRanker>(
    _ settings: MultiTaskSettings, of model: Model.Type, _ layout: FeatureLayout
  ) throws(RankerError) {
    let (tasks, outcomes) = (layout.allTasks, Model.outcomes(of: layout))
    try Self.check("tasks", settings.tasks, tasks)
    try Self.check("score", settings.score, outcomes)
    weights = tasks.map { Scalar(settings.tasks[$0] ?? 1) }
    guard weights.contains(where: { $0 > 0 }) else {
      throw .configuration(
        key: "tasks", value: "0 for every task", reason: "there is nothing to learn then")
    }
    logVariances =
      settings.learnedWeights ? Parameter(Tensor(zeros: [tasks.count])) : nil
    score = settings.score.isEmpty ? nil : outcomes.map { Scalar(settings.score[$0] ?? 0) }
  }

  private static func check(
    _ key: String, _ values: [String: Double], _ known: [String]
  ) throws(RankerError) {
    for name in values.keys.sorted() where !known.contains(name) {
      throw .configuration(
        key: key, value: "a weight of '\(name)'",
        reason: "there is nothing of that name; there is \(known.joined(separator: ", "))."
          + " Further tasks are listed in the schema's 'tasks'")
    }
    if !values.isEmpty, values.values.allSatisfy({ $0 == 0 }), key == "score" {
      throw .configuration(key: key, value: "nothing but 0", reason: "rows would all score alike")
    }
  }

  /// Whether rows are ordered by the label's logit.
  package var ordersByLabel: Bool { score == nil }

  /// The score of each row, from the outcomes' logits `[count, outcomes]`: `[count]`.
  package func score(_ logits: Tensor) -> Tensor {
    guard let score else {
      return logits.slice(axis: 1, 0..<1).reshaped([logits.shape[0]])
    }
    // log σ(x) = -softplus(-x)
    let logProbabilities = -(-logits).softplus()
    return matmul(logProbabilities, Tensor(score, shape: [score.count, 1]))
      .reshaped([logits.shape[0]])
  }

  /// A task's loss with its weight: `λ L`, or `L / 2s² + log s` where weights are learnt.
  package func weighted(_ loss: Tensor, _ task: Int, _ pass: Pass) -> Tensor {
    guard let logVariances else {
      return weights[task] == 1 ? loss : loss * weights[task]
    }
    let eta = pass.read(logVariances).slice(axis: 0, task..<task + 1).reshaped([])
    return (loss * (-eta).exp() + eta) * 0.5
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    if let logVariances { list.add("logVariances", logVariances) }
  }
}
