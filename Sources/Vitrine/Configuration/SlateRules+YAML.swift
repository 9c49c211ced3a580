import RankingData
public import Slates

extension SlateRules {
  /// Reads a shop's rules from a YAML file.
  ///
  /// ```yaml
  /// eligibility:
  ///   blocked: ["42"]
  ///   blocked_categories: [Adult]
  ///   require: {in_stock: ["true"], region: [de, at]}    # item features and their legal values
  ///   forbid: {rating: ["18"]}
  ///   exclude_history: true
  ///   frequency: [{feature: shown_7d, most: 3}]
  /// near_duplicates: {cosine: 0.95, product: product_id, hash: phash, hash_distance: 6}
  /// caps:                                                # the last one gives way first
  ///   - {by: category, most: 2, window: 5, relax: [window, cap]}
  /// pins: [{item: "593", position: 0}]
  /// pin_feature: sponsored_position
  /// ```
  /// - Throws: an error naming file, line and key; unknown keys are refused with the nearest legal
  ///   one.
  public init(path: String) throws {
    let root = try ConfigurationNode(path: path)
    let members = try root.members(Self.keys)
    if let section = try members["eligibility"]?.members(Eligibility.keys) {
      for cap in try section["frequency"]?.elements() ?? [] {
        _ = try cap.members(Eligibility.FrequencyCap.keys)
      }
    }
    _ = try members["near_duplicates"]?.members(NearDuplicates.keys)
    for cap in try members["caps"]?.elements() ?? [] { _ = try cap.members(CategoryCap.keys) }
    for pin in try members["pins"]?.elements() ?? [] { _ = try pin.members(Pin.keys) }
    self = try root.decode(SlateRules.self)
  }
}
