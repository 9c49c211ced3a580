import Foundation
public import RankingData
public import Tensors

/// LambdaRank (Burges, Ragno and Le, NIPS 2006; Burges, MSR-TR-2010-82): RankNet's pairs, each times
/// how much NDCG changes when the two swap places in the present order.
///
/// `|ΔNDCG| = |(2^y_i - 2^y_j) (1/log2(1 + r_i) - 1/log2(1 + r_j))| / IDCG`, with r the rank by the
/// scores as they stand, a constant of the step. So most of the work goes to the top of the list. A
/// pair weighs what its row i, the one with the higher label, weighs.
public struct LambdaRankLoss: RankingLoss {
  /// See `RankingLoss`.
  public static let kind = "lambdarank"
  /// See `RankingLoss`.
  public static let keys = CodingKeys.allCases.map(\.rawValue)
  /// See `RankingLoss`.
  public static let scope = RankingLossScope.requests

  /// τ, the steepness: how soon a lead counts as one.
  public var tau = 1.0
  /// Leave out pairs with neither row among the first so many, and take the ideal of the first so
  /// many: NDCG at a cutoff, as LightGBM truncates. All pairs if nil.
  public var truncation: Int?

  enum CodingKeys: String, CodingKey, CaseIterable { case tau, truncation }

  /// The defaults.
  public init() {}

  /// Decodes any subset of the keys; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&tau, .tau)
    try container.update(&truncation, .truncation)
  }

  /// See `RankingLoss`.
  public func validate() throws(RankerError) {
    try Rankers.check("tau", tau, 1e-6...1e6)
    if let truncation { try Rankers.check("truncation", truncation, 1...1_000_000) }
  }

  /// Grades to 64, beyond which the gain 2^y of one row drowns all others.
  public func check(labels: [Float]) throws(RankerError) {
    try refuseLabels(outside: 0...64, labels, why: "its gain 2^grade takes grades from 0 to 64")
  }

  /// See `RankingLoss`. O(n²) for a request of n rows.
  public func callAsFunction(_ scores: Tensor, _ batch: RankingBatch, _ pass: Pass) -> Tensor {
    meanOverLists(scores, batch, loss)
  }

  package func loss(_ list: JudgedList) -> ListLossValue {
    var value = ListLossValue(count: list.count)
    let limit = truncation ?? list.count
    let gains = list.labels.map { exp2($0) }
    let ideal = list.byLabel.prefix(limit).enumerated().reduce(0.0) { sum, item in
      sum + (gains[item.element] - 1) * Self.discount(item.offset)
    }
    guard ideal > 0 else { return value }
    var discounts = [Double](repeating: 0, count: list.count)
    var isKept = [Bool](repeating: true, count: list.count)
    for (place, index) in list.byScore.enumerated() {
      discounts[index] = Self.discount(place)
      isKept[index] = place < limit
    }
    list.forEachPair { above, below in
      guard isKept[above] || isKept[below] else { return }
      let change =
        (gains[above] - gains[below]) * abs(discounts[above] - discounts[below]) / ideal
      let cost = PairCost(margin: tau * (list.scores[above] - list.scores[below]))
      let weight = list.weights[above] * change
      let pull = weight * tau * cost.pull
      value.loss += weight * cost.loss
      value.gradient[above] -= pull
      value.gradient[below] += pull
    }
    return value
  }

  /// Of a place counted from 0.
  private static func discount(_ place: Int) -> Double { 1 / log2(Double(place + 2)) }
}
