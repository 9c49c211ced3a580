/// A field whose ids are combinations of the ids of other columns: what a linear model needs to see
/// that an effect holds only for both together.
public struct CrossField: Sendable, Hashable, Codable {
  /// Columns, or numeric fields with buckets.
  public var fields: [String]
  /// Combinations seen fewer times in training share row 0, the unknown value.
  public var minimumCount: Int
  /// Rows that combinations are hashed to, instead of a dictionary.
  public var hash: Int?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case fields
    case minimumCount = "minimum_count"
    case hash
  }

  /// Creates a field.
  public init(fields: [String], minimumCount: Int = 1, hash: Int? = nil) {
    self.fields = fields
    self.minimumCount = minimumCount
    self.hash = hash
  }

  /// `device × category`.
  public var name: String { fields.joined(separator: Self.separator) }

  /// Between the names of the columns.
  package static let separator = " × "
}

extension CrossField {
  init(_ node: ConfigurationNode) throws(RankingDataError) {
    let members = try node.members(CodingKeys.allCases.map(\.rawValue))
    let list = try node.required("fields", members)
    self.init(fields: try list.strings())
    (minimumCount, hash) = try node.vocabularyLimits(members)
    guard fields.count >= 2, Set(fields).count == fields.count else {
      throw list.failure(
        .badValue, "a cross is of two or more different columns.",
        "Write fields: [device, category].")
    }
  }
}
