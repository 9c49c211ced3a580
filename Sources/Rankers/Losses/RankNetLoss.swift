public import RankingData
public import Tensors

/// RankNet (Burges et al., ICML 2005): `log(1 + e^(-τ (s_i - s_j)))` for every pair of a request of
/// which row i has the higher label.
///
/// A pair weighs what its row i weighs, as inverse propensities of clicks want it (Joachims et al.,
/// WSDM 2017).
public struct RankNetLoss: RankingLoss {
  /// How the pairs of a list make its loss.
  public enum Pairs: String, Codable, Sendable, Hashable, CaseIterable {
    /// Their sum: long lists have more to say, as in the paper.
    case sum
    /// Their mean: all lists have the same say.
    case mean
  }

  /// See `RankingLoss`.
  public static let kind = "ranknet"
  /// See `RankingLoss`.
  public static let keys = CodingKeys.allCases.map(\.rawValue)
  /// See `RankingLoss`.
  public static let scope = RankingLossScope.requests

  /// τ, the steepness: how soon a lead counts as one.
  public var tau = 1.0
  /// How the pairs of a list make its loss.
  public var pairs = Pairs.sum

  enum CodingKeys: String, CodingKey, CaseIterable { case tau, pairs }

  /// The defaults.
  public init() {}

  /// Decodes any subset of the keys; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&tau, .tau)
    try container.update(&pairs, .pairs)
  }

  /// See `RankingLoss`.
  public func validate() throws(RankerError) { try Rankers.check("tau", tau, 1e-6...1e6) }

  /// See `RankingLoss`. O(n²) for a request of n rows.
  public func callAsFunction(_ scores: Tensor, _ batch: RankingBatch, _ pass: Pass) -> Tensor {
    meanOverLists(scores, batch, loss)
  }

  package func loss(_ list: JudgedList) -> ListLossValue {
    var value = ListLossValue(count: list.count)
    var number = 0
    list.forEachPair { above, below in
      let cost = PairCost(margin: tau * (list.scores[above] - list.scores[below]))
      let weight = list.weights[above]
      let pull = weight * tau * cost.pull
      value.loss += weight * cost.loss
      value.gradient[above] -= pull
      value.gradient[below] += pull
      number += 1
    }
    if pairs == .mean, number > 0 {
      value.loss /= Double(number)
      for index in value.gradient.indices { value.gradient[index] /= Double(number) }
    }
    return value
  }
}
