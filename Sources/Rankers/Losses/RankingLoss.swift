public import RankingData
public import Tensors

/// What the training of a neural ranker minimises: how far scores are from what was observed.
///
/// A loss of rows judges each row on its own, a loss of lists each request's rows together; a batch
/// for the latter holds whole requests, one after the other. Every loss is a mean: of rows, or of the
/// lists that can be ordered at all, so that its size does not depend on the batch's.
///
/// Scores are logits only under a loss of rows. Under the others they order a request's rows and say
/// nothing more; calibrate them before they are multiplied by anything.
public protocol RankingLoss: Codable, Sendable, Hashable {
  /// The name of the loss in configurations and bundles.
  static var kind: String { get }
  /// Every key it reads.
  static var keys: [String] { get }
  /// What it judges.
  static var scope: RankingLossScope { get }

  /// The defaults.
  init()

  /// Refuses parameters that make no loss.
  func validate() throws(RankerError)

  /// Refuses labels it cannot learn from.
  func check(labels: [Float]) throws(RankerError)

  /// The mean loss of a batch: one number.
  ///
  /// - Parameters:
  ///   - scores: `[count]`.
  ///   - batch: labels and weights, and requests, each of which is a run of rows.
  ///   - pass: the source of chance, where a loss breaks ties by it.
  func callAsFunction(_ scores: Tensor, _ batch: RankingBatch, _ pass: Pass) -> Tensor
}

/// What a loss judges together.
public enum RankingLossScope: Sendable, Hashable {
  /// Each row on its own.
  case rows
  /// All rows of a request.
  case requests
}

extension RankingLoss {
  /// No keys.
  public static var keys: [String] { [] }

  /// Any parameters.
  public func validate() throws(RankerError) {}

  /// Any grades that can be told apart: finite and not negative.
  public func check(labels: [Float]) throws(RankerError) {
    try refuseLabels(
      outside: 0...Float.greatestFiniteMagnitude, labels, why: "a grade is not negative")
  }

  /// How many things the mean of a batch is taken over. Shards of a batch are weighted by it.
  package func terms(in batch: RankingBatch) -> Int {
    switch Self.scope {
    case .rows: batch.count
    case .requests: batch.lists.count { batch.isComparable($0) }
    }
  }

  /// Refuses a label outside a range, NaN included.
  package func refuseLabels(
    outside range: ClosedRange<Float>, _ labels: [Float], why: String
  ) throws(RankerError) {
    for (row, label) in labels.enumerated() where !range.contains(label) {
      throw .label(label, row: row, loss: Self.kind, reason: why)
    }
  }
}
