/// Which column holds the label, and what it says.
///
/// As it stands, a label is a number of at least 0: 0 or 1, a probability, or a grade. With
/// `positive` or `threshold` it becomes 0 or 1.
public struct LabelRule: Sendable, Hashable, Codable {
  /// Column name.
  public var name: String
  /// Texts that mean 1; any other means 0.
  public var positive: [String]?
  /// The least number that means 1; less means 0.
  public var threshold: Double?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, positive, threshold
  }

  /// Creates a rule.
  public init(name: String, positive: [String]? = nil, threshold: Double? = nil) {
    self.name = name
    self.positive = positive
    self.threshold = threshold
  }

  /// Whether the column is read as text.
  package var readsText: Bool { positive != nil }

  /// The label that a text means, where the rule lists texts.
  package func label(ofText text: String) -> Double {
    positive?.contains(text) == true ? 1 : 0
  }

  /// The label that a number means: itself without a threshold. NaN stays NaN.
  package func label(ofNumber number: Double) -> Double {
    guard let threshold, !number.isNaN else { return number }
    return number >= threshold ? 1 : 0
  }
}

extension LabelRule: ExpressibleByStringLiteral {
  /// A column whose numbers are the labels.
  public init(stringLiteral value: String) { self.init(name: value) }
}

extension LabelRule: CustomStringConvertible {
  /// The column, and the rule where there is one.
  public var description: String {
    if let positive { return "\(name) is one of \(positive.joined(separator: ", "))" }
    if let threshold { return "\(name) >= \(threshold)" }
    return name
  }
}

extension LabelRule {
  init(_ node: ConfigurationNode) throws(RankingDataError) {
    guard node.isMapping else {
      self.init(name: try node.string())
      return
    }
    let members = try node.members(CodingKeys.allCases.map(\.rawValue))
    try self.init(node, name: node.required("name", members).string(), members)
  }

  /// The rule of a column, by the members of a mapping.
  init(
    _ node: ConfigurationNode, name: String, _ members: [String: ConfigurationNode]
  ) throws(RankingDataError) {
    self.init(name: name)
    positive = try members["positive"]?.strings()
    threshold = try members["threshold"]?.number(in: -1e300...1e300)
    if positive != nil, threshold != nil {
      throw node.failure(
        .badValue, "a label is positive by its text or by its size, not by both.",
        "Keep positive or threshold.")
    }
    if positive?.isEmpty == true {
      throw node.failure(
        .badValue, "no text is positive.", "List the texts that mean 1: positive: [\"yes\"].")
    }
  }
}
