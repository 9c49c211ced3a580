extension RankingSchema {
  /// Decodes a schema; one that an earlier version wrote has no tasks.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func role(_ key: CodingKeys) throws -> String? {
      try container.decodeIfPresent(String.self, forKey: key)
    }
    self.init(
      label: try container.decode(LabelRule.self, forKey: .label),
      tasks: try container.decodeIfPresent([TaskField].self, forKey: .tasks) ?? [],
      request: try role(.request), user: try role(.user), item: try role(.item),
      timestamp: try role(.timestamp), weight: try role(.weight),
      categorical: try container.decode([CategoricalField].self, forKey: .categorical),
      multiValued: try container.decode([MultiValuedField].self, forKey: .multiValued),
      numeric: try container.decode([NumericField].self, forKey: .numeric),
      crosses: try container.decode([CrossField].self, forKey: .crosses),
      counters: try container.decode([CounterField].self, forKey: .counters),
      visual: try container.decode(VisualFields.self, forKey: .visual))
  }
}
