import NeuralNetworks
package import RankingData
import Tensors

/// How far two tasks pull the weights that they share in one direction.
public struct TaskAgreement: Sendable, Hashable, Codable {
  /// The tasks.
  public var tasks: [String]
  /// The cosine of their gradients: 1 where they want the same, below 0 where one's step undoes the
  /// other's. Values that stay below 0 foretell that the tasks are better learnt apart.
  public var cosine: Double
}

extension MultiTaskRanker {
  /// The agreement of every two tasks over a batch, on the weights for which both have a gradient.
  /// Tables of ids are left out, as most of their rows stand still, and so are learnt weights of
  /// losses: each is one task's alone. O(tasks) passes.
  package func agreements(on batch: RankingBatch, by loss: any RankingLoss) -> [TaskAgreement] {
    let names = [input.layout.label] + input.layout.tasks
    let parameters = ParameterList(self).trainable.filter { $0 !== objective.logVariances }
    let gradients = names.indices.map { task -> [[Scalar]?] in
      let pass = Pass.training(seed: 1)
      let losses = losses(of: forward(batch, pass), batch, pass, by: loss)
      let found = pass.gradients(of: losses[task])
      return parameters.map { parameter in
        guard case .dense(let gradient) = found[parameter] else { return nil }
        return gradient.scalars
      }
    }
    var agreements: [TaskAgreement] = []
    for (a, first) in gradients.enumerated() {
      for (b, second) in gradients.enumerated().dropFirst(a + 1) {
        guard let cosine = cosine(first, second) else { continue }
        agreements.append(TaskAgreement(tasks: [names[a], names[b]], cosine: cosine))
      }
    }
    return agreements
  }

  private func cosine(_ a: [[Scalar]?], _ b: [[Scalar]?]) -> Double? {
    var (product, first, second) = (0.0, 0.0, 0.0)
    for case (let x?, let y?) in zip(a, b) {
      for (x, y) in zip(x, y) {
        product += Double(x) * Double(y)
        first += Double(x) * Double(x)
        second += Double(y) * Double(y)
      }
    }
    return first > 0 && second > 0 ? product / (first * second).squareRoot() : nil
  }
}
