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
    func member(_ key: CodingKeys) -> ConfigurationNode? { members[key.rawValue] }
    self.init()
    if let node = member(.label) { label = try LabelRule(node) }
    if let node = member(.tasks) { tasks = try tasks(node) }
    request = try Self.role(member(.request), default: request)
    user = try Self.role(member(.user), default: user)
    item = try Self.role(member(.item), default: item)
    timestamp = try Self.role(member(.timestamp), default: timestamp)
    weight = try Self.role(member(.weight), default: nil)
    categorical = try fields(member(.categorical), \.name, \.reads) {
      (node) throws(RankingDataError) in try CategoricalField(node)
    }
    multiValued = try fields(member(.multiValued), \.name, \.sources) {
      (node) throws(RankingDataError) in try MultiValuedField(node)
    }
    if let node = member(.multiValued) { try alignHistories(at: node) }
    numeric = try fields(member(.numeric), \.place, \.reads) {
      (node) throws(RankingDataError) in try NumericField(node)
    }
    crosses = try fields(member(.crosses), \.name, \.fields) {
      (node) throws(RankingDataError) in try CrossField(node)
    }
    counters = try fields(member(.counters), \.name, \.reads) {
      (node) throws(RankingDataError) in try CounterField(node)
    }
    if let node = member(.visual) { visual = try VisualFields(node) }
    let count =
      categorical.count + multiValued.count + numeric.count + crosses.count + counters.count
    guard count > 0 || visual.items else {
      throw node.failure(
        .insufficientData, "the schema names no feature.",
        "List fields under categorical, multi_valued, numeric, crosses, counters or visual.")
    }
    if timestamp == nil, let field = fieldThatNeedsTimes {
      throw node.failure(
        .badValue, "\(field) needs to know what was earlier, but timestamp is none.",
        "Name the column with the times, or remove the field.")
    }
  }

  /// A column, or `none` for a role that the data do not have.
  private static func role(
    _ node: ConfigurationNode?, default name: String?
  ) throws(RankingDataError) -> String? {
    guard let node else { return name }
    let text = try node.string()
    return text == none ? nil : text
  }

  /// Tasks whose names differ from each other's and from the label's.
  private func tasks(_ node: ConfigurationNode) throws(RankingDataError) -> [TaskField] {
    var tasks: [TaskField] = []
    var names: Set<String> = [label.name]
    for element in try node.elements() {
      let task = try TaskField(element)
      guard names.insert(task.name).inserted else {
        throw element.failure(
          .duplicateIdentifier,
          task.name == label.name
            ? "the task \"\(task.name)\" has the name of the label, which is a task already."
            : "the task \"\(task.name)\" is listed twice.",
          "Remove it, or give it another name: {name: \(task.name)2, column: \(task.rule.name)}.")
      }
      tasks.append(task)
    }
    return tasks
  }

  /// Columns that no request brings, and why: as features they leak, or serve as constants.
  private var unknowable: [String: String] {
    var reasons = [
      label.name: "it is the label, which is what is predicted",
      "position": "nobody knows the position of an item before it is ranked",
    ]
    for task in tasks where reasons[task.rule.name] == nil {
      reasons[task.rule.name] = "the task \"\(task.name)\" predicts it"
    }
    if let weight { reasons[weight] = "it is the weight of a row, which requests do not have" }
    return reasons
  }

  /// The fields of a list, all different, none of which reads what no request brings.
  private func fields<Field>(
    _ node: ConfigurationNode?, _ name: KeyPath<Field, String>, _ columns: KeyPath<Field, [String]>,
    _ parse: (ConfigurationNode) throws(RankingDataError) -> Field
  ) throws(RankingDataError) -> [Field] {
    guard let node else { return [] }
    let unknowable = unknowable
    var fields: [Field] = []
    var names: Set<String> = []
    for element in try node.elements() {
      let field = try parse(element)
      for column in field[keyPath: columns] {
        guard let reason = unknowable[column] else { continue }
        throw element.failure(
          .badValue, "the column \"\(column)\" cannot be a feature: \(reason).",
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
}

extension CategoricalField {
  fileprivate var reads: [String] { [name] }
}

extension NumericField {
  fileprivate var reads: [String] { [name] }
  /// A column may be read as a number and in buckets.
  fileprivate var place: String { buckets == nil ? name : "buckets of \(name)" }
}

extension CounterField {
  fileprivate var reads: [String] { by + fallback }
}
