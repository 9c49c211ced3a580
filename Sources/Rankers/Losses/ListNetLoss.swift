public import RankingData
public import Tensors

/// ListNet's top-one loss (Cao et al., ICML 2007): the cross entropy of the probabilities that each
/// row comes first, by its label and by its score: `-Σ softmax(y)_i log softmax(s)_i`.
///
/// Each row's term is multiplied by the row's weight. A request whose labels are all equal would want
/// uniform scores; it is left out, as from every loss of lists.
public struct ListNetLoss: RankingLoss {
  /// See `RankingLoss`.
  public static let kind = "listnet"
  /// See `RankingLoss`.
  public static let scope = RankingLossScope.requests

  /// The loss; it has no parameters.
  public init() {}

  /// See `RankingLoss`. O(n) for a request of n rows.
  public func callAsFunction(_ scores: Tensor, _ batch: RankingBatch, _ pass: Pass) -> Tensor {
    meanOverLists(scores, batch, loss)
  }

  package func loss(_ list: JudgedList) -> ListLossValue {
    crossEntropy(list, targets: logSoftmax(list.labels).probabilities)
  }
}
