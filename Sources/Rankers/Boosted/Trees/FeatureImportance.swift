/// What a feature did for a model of trees.
public struct FeatureImportance: Sendable, Hashable, Codable {
  /// The column.
  public var feature: String
  /// How much all its splits together lowered the objective: XGBoost's `total_gain`.
  public var gain: Double
  /// Number of its splits: XGBoost's `weight`.
  public var splits: Int
  /// Sum of the second derivatives of the rows that passed its splits: XGBoost's `total_cover`. For
  /// squared errors that is the number of rows.
  public var cover: Double
}

extension TreeEnsemble {
  /// What each feature that splits did, the largest gain first. O(splits).
  package func importance() -> [FeatureImportance] {
    var found: [Int32: FeatureImportance] = [:]
    for split in splits {
      let column = Int(split.feature)
      let name = features.indices.contains(column) ? features[column] : "f\(column)"
      var entry =
        found[split.feature] ?? FeatureImportance(feature: name, gain: 0, splits: 0, cover: 0)
      entry.gain += Double(split.gain)
      entry.splits += 1
      entry.cover += Double(split.cover)
      found[split.feature] = entry
    }
    return found.sorted { ($1.value.gain, $0.key) < ($0.value.gain, $1.key) }.map(\.value)
  }
}
