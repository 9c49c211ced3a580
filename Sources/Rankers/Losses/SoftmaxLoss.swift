public import RankingData
public import Tensors

/// Softmax cross entropy with any number of positives (as in Bruch et al., ICTIR 2019):
/// `-Σ (y_i / Σ y) log softmax(s)_i`. The choice of one row of a request, explained by all of them;
/// it bounds the reciprocal rank.
///
/// Each row's term is multiplied by the row's weight.
public struct SoftmaxLoss: RankingLoss {
  /// See `RankingLoss`.
  public static let kind = "softmax"
  /// See `RankingLoss`.
  public static let scope = RankingLossScope.requests

  /// The loss; it has no parameters.
  public init() {}

  /// See `RankingLoss`. O(n) for a request of n rows.
  public func callAsFunction(_ scores: Tensor, _ batch: RankingBatch, _ pass: Pass) -> Tensor {
    meanOverLists(scores, batch, loss)
  }

  package func loss(_ list: JudgedList) -> ListLossValue {
    let total = list.labels.reduce(0, +)
    return crossEntropy(list, targets: list.labels.map { $0 / total })
  }
}
