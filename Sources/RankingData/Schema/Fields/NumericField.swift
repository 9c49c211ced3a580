/// A field with one number per row.
///
/// A `*` in the name stands for any text: the field stands for all columns that match and that no
/// other field or role names.
public struct NumericField: Sendable, Hashable, Codable {
  /// How a number is brought to a scale that a network trains well on.
  public enum Transform: String, Sendable, Hashable, Codable, CaseIterable {
    /// (x - mean) / standard deviation.
    case standardize
    /// log(1 + x), for x >= 0, then standardized: counts, prices, durations.
    case log
    /// The share of training values below, from 0 to 1: anything with a long tail.
    case quantile
    /// As it is.
    case none
  }

  /// Column name, or a pattern with `*`.
  public var name: String
  /// Scale.
  public var transform: Transform
  /// Powers of a quantile that become a column each; x, x² and √x let a network bend the scale
  /// (Covington et al., "Deep Neural Networks for YouTube Recommendations", 2016).
  public var powers: [Double]
  /// Intervals whose number is read as an id, instead of the number.
  public var buckets: BucketRule?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, transform, powers, buckets
  }

  /// Creates a field.
  public init(
    name: String, transform: Transform = .standardize, powers: [Double] = [1],
    buckets: BucketRule? = nil
  ) {
    self.name = name
    self.transform = transform
    self.powers = powers
    self.buckets = buckets
  }

  /// Whether the name stands for several columns.
  var isPattern: Bool { name.contains("*") }
}

extension NumericField {
  init(_ node: ConfigurationNode) throws(RankingDataError) {
    guard node.isMapping else {
      self.init(name: try node.string())
      return
    }
    let members = try node.members(CodingKeys.allCases.map(\.rawValue))
    self.init(name: try node.required("name", members).string())
    transform = try members["transform"]?.choice(Transform.self) ?? transform
    if let node = members["powers"] {
      powers = try node.numbers(in: 0.01...100)
      if powers.isEmpty || Set(powers).count != powers.count || transform != .quantile {
        throw node.failure(
          .badValue, "powers are different numbers, of a quantile.",
          "Write transform: quantile, powers: [1, 2, 0.5].")
      }
    }
    if let node = members["buckets"] {
      buckets = try BucketRule(node)
      if members["transform"] != nil || members["powers"] != nil {
        throw node.failure(
          .badValue, "a number in buckets has no scale.",
          "Remove transform and powers, or list the column once more with them.")
      }
    }
  }
}
