extension RankingSchema {
  /// Reads a schema from a YAML file.
  /// - Throws: `RankingDataError` naming file, line and key; an unknown key is refused with the
  ///   nearest legal one.
  public init(path: String) throws(RankingDataError) {
    try self.init(ConfigurationNode(path: path))
  }

  /// Reads a schema from YAML text.
  public init(yaml: String, file: String? = nil) throws(RankingDataError) {
    try self.init(ConfigurationNode(yaml: yaml, file: file))
  }

  /// Reads a schema from a part of a configuration.
  package init(_ node: ConfigurationNode) throws(RankingDataError) {
    let members = try node.members(CodingKeys.allCases.map(\.rawValue))
    func name(_ key: CodingKeys) throws(RankingDataError) -> String? {
      try members[key.rawValue]?.string()
    }
    self.init()
    label = try name(.label) ?? label
    request = try name(.request) ?? request
    user = try name(.user) ?? user
    item = try name(.item) ?? item
    timestamp = try name(.timestamp) ?? timestamp
    weight = try name(.weight)
    categorical = try fields(members[CodingKeys.categorical.rawValue], \.name, unknowable) {
      (node) throws(RankingDataError) in try CategoricalField(node)
    }
    multiValued = try fields(members[CodingKeys.multiValued.rawValue], \.name, unknowable) {
      (node) throws(RankingDataError) in try MultiValuedField(node)
    }
    numeric = try fields(members[CodingKeys.numeric.rawValue], \.name, unknowable) {
      (node) throws(RankingDataError) in try NumericField(node)
    }
    if let node = members[CodingKeys.visual.rawValue] { visual = try VisualFields(node) }
    guard !categorical.isEmpty || !multiValued.isEmpty || !numeric.isEmpty || visual.items else {
      throw node.failure(
        .insufficientData, "the schema names no feature.",
        "List fields under categorical, multi_valued, numeric or visual.")
    }
  }

  /// Columns that no request brings, and why: as features they leak, or serve as constants.
  private var unknowable: [String: String] {
    var reasons = [
      label: "it is the label, which is what is predicted",
      "position": "nobody knows the position of an item before it is ranked",
    ]
    if let weight { reasons[weight] = "it is the weight of a row, which requests do not have" }
    return reasons
  }
}

private func fields<Field>(
  _ node: ConfigurationNode?, _ name: KeyPath<Field, String>, _ unknowable: [String: String],
  _ parse: (ConfigurationNode) throws(RankingDataError) -> Field
) throws(RankingDataError) -> [Field] {
  guard let node else { return [] }
  var fields: [Field] = []
  var names: Set<String> = []
  for element in try node.elements() {
    let field = try parse(element)
    if let reason = unknowable[field[keyPath: name]] {
      throw element.failure(
        .badValue, "the column \"\(field[keyPath: name])\" cannot be a feature: \(reason).",
        "Remove it from the schema.")
    }
    guard names.insert(field[keyPath: name]).inserted else {
      throw element.failure(
        .duplicateIdentifier, "the field \"\(field[keyPath: name])\" is listed twice.",
        "Remove one.")
    }
    fields.append(field)
  }
  return fields
}

private func required(
  _ key: String, _ members: [String: ConfigurationNode], of node: ConfigurationNode
)
  throws(RankingDataError) -> ConfigurationNode
{
  guard let member = members[key] else {
    throw node.failure(.missingKey, "there is no \"\(key)\".", "Add the key.")
  }
  return member
}

extension CategoricalField {
  fileprivate init(_ node: ConfigurationNode) throws(RankingDataError) {
    guard node.isMapping else {
      self.init(name: try node.string())
      return
    }
    let members = try node.members(CodingKeys.allCases.map(\.rawValue))
    self.init(name: try required("name", members, of: node).string())
    minimumCount = try members["minimum_count"]?.integer(in: 1...(.max)) ?? minimumCount
  }
}

extension MultiValuedField {
  fileprivate init(_ node: ConfigurationNode) throws(RankingDataError) {
    guard node.isMapping else {
      self.init(name: try node.string())
      return
    }
    let members = try node.members(CodingKeys.allCases.map(\.rawValue))
    self.init(name: try required("name", members, of: node).string())
    minimumCount = try members["minimum_count"]?.integer(in: 1...(.max)) ?? minimumCount
    limit = try members["limit"]?.integer(in: 1...100_000) ?? limit
    if let node = members["separator"] {
      separator = try node.string()
      if separator.isEmpty {
        throw node.failure(.badValue, "the separator is empty.", "Write it in quotes: \"|\".")
      }
    }
  }
}

extension NumericField {
  fileprivate init(_ node: ConfigurationNode) throws(RankingDataError) {
    guard node.isMapping else {
      self.init(name: try node.string())
      return
    }
    let members = try node.members(CodingKeys.allCases.map(\.rawValue))
    self.init(name: try required("name", members, of: node).string())
    transform = try members["transform"]?.choice(Transform.self) ?? transform
  }
}

extension VisualFields {
  fileprivate init(_ node: ConfigurationNode) throws(RankingDataError) {
    guard node.isMapping else {
      self.init(items: try node.flag())
      return
    }
    let members = try node.members(CodingKeys.allCases.map(\.rawValue))
    self.init(
      items: try members["items"]?.flag() ?? false, history: try members["history"]?.flag() ?? false
    )
    limit = try members["limit"]?.integer(in: 1...100_000) ?? limit
    if history, !items {
      throw node.failure(
        .badValue, "images of the history are only read together with those of the items.",
        "Write visual: {items: true, history: true}.")
    }
  }
}
