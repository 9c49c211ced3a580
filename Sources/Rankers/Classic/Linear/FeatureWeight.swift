public import RankingData
import Tensors

/// What a linear model adds to the score for one value of a feature.
public struct FeatureWeight: Sendable, Hashable, Codable {
  /// The column.
  public var feature: String
  /// The id; nil for a number, whose weight is per unit of its scaled value.
  public var value: String?
  /// Added to the score.
  public var weight: Double
}

/// A ranker whose weights can be read one by one.
public protocol WeightedRanker: Ranker {
  /// The weights.
  var model: LinearModel { get }
}

extension WeightedRanker {
  /// The weights of every known id and number, the largest first; of an image's components, none.
  /// O(weights log weights).
  public func weights(_ transform: FeatureTransform) -> [FeatureWeight] {
    let weights = model.firstOrder.table.value.scalars
    var found: [FeatureWeight] = []
    var start = 0
    func add(_ field: FeatureLayout.Field, _ ids: [String]) {
      for row in 0..<field.rows {
        let value = row == 0 ? "(unknown)" : row <= ids.count ? ids[row - 1] : "#\(row)"
        found.append(
          FeatureWeight(feature: field.name, value: value, weight: Double(weights[start + row])))
      }
      start += field.rows
    }
    let layout = model.layout
    for field in layout.categorical { add(field, transform.ids(of: field.name)) }
    for (field, vocabulary) in zip(layout.bags, transform.bags) { add(field, vocabulary.ids) }
    for (name, weight) in zip(layout.numeric, model.firstOrder.dense?.value.scalars ?? []) {
      found.append(FeatureWeight(feature: name, value: nil, weight: Double(weight)))
    }
    return found.filter { $0.weight != 0 }.sorted { abs($0.weight) > abs($1.weight) }
  }
}
