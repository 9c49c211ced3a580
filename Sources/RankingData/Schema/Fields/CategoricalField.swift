/// A field with one id per row.
public struct CategoricalField: Sendable, Hashable, Codable {
  /// Column name.
  public var name: String
  /// Ids seen fewer times in training share row 0, the unknown value.
  public var minimumCount: Int
  /// Rows that ids are hashed to, instead of a dictionary: for columns of millions of ids, and for
  /// ids that training has not seen. Two ids may share a row.
  public var hash: Int?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name
    case minimumCount = "minimum_count"
    case hash
  }

  /// Creates a field.
  public init(name: String, minimumCount: Int = 1, hash: Int? = nil) {
    self.name = name
    self.minimumCount = minimumCount
    self.hash = hash
  }
}

extension CategoricalField {
  init(_ node: ConfigurationNode) throws(RankingDataError) {
    guard node.isMapping else {
      self.init(name: try node.string())
      return
    }
    let members = try node.members(CodingKeys.allCases.map(\.rawValue))
    self.init(name: try node.required("name", members).string())
    (minimumCount, hash) = try node.vocabularyLimits(members)
  }
}

extension ConfigurationNode {
  /// `minimum_count` or `hash`: a dictionary of the ids that are frequent enough, or none at all.
  func vocabularyLimits(
    _ members: [String: ConfigurationNode]
  ) throws(RankingDataError) -> (minimumCount: Int, hash: Int?) {
    let minimumCount = try members["minimum_count"]?.integer(in: 1...(.max))
    let hash = try members["hash"]?.integer(in: Vocabulary.hashSizes)
    if minimumCount != nil, hash != nil {
      throw failure(
        .badValue, "a hashed field counts nothing.", "Remove minimum_count, or hash.")
    }
    return (minimumCount ?? 1, hash)
  }
}
