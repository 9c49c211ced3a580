public import NeuralNetworks
public import RankingData
public import Tensors

/// A model that scores every row of a batch on its own: the larger the logit, the likelier the
/// positive label.
///
/// Rows are independent of each other, so candidates of many requests may share a batch. A ranker is
/// a value whose parameters are shared by its copies. `RankerConformance` in the tests lists what
/// every ranker must satisfy.
public protocol Ranker: Module {
  /// What a user chooses.
  associatedtype Configuration: RankerConfiguration

  /// What the user chose.
  var configuration: Configuration { get }
  /// The batches this ranker was built for.
  var input: RankerInput { get }
  /// The visual features, if the ranker reads any.
  var visual: VisualBlock? { get set }

  /// Creates a ranker with fresh parameters; equal seeds give equal parameters.
  ///
  /// - Throws: `RankerError.configuration` for values that make no model.
  init(configuration: Configuration, input: RankerInput, seed: UInt64) throws(RankerError)

  /// The logits of a batch: `[count]`.
  func logits(_ batch: RankingBatch, _ pass: Pass) -> Tensor

  /// What training minimises over a batch: one number.
  func loss(_ batch: RankingBatch, _ pass: Pass) -> Tensor
}

extension Ranker {
  /// The name of this kind of model in configurations and bundles.
  public var kind: String { Configuration.kind }

  /// The log loss, weighted by row.
  public func loss(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    logLoss(logits(batch, pass), batch)
  }

  /// The configuration as a bundle stores it.
  public var specification: RankerSpecification { RankerSpecification(configuration) }
}

/// The mean log loss of a batch, weighted by row.
package func logLoss(_ logits: Tensor, _ batch: RankingBatch) -> Tensor {
  sigmoidCrossEntropy(
    logits: logits, labels: batch.labels.map { Scalar($0) },
    weights: batch.weights.allSatisfy { $0 == 1 } ? nil : batch.weights.map { Scalar($0) })
}
