/// Something else that was observed of a row beside its label: whether a click became a purchase.
///
/// A multi-task ranker predicts it too. An empty cell means that the row says nothing about the task.
public struct TaskField: Sendable, Hashable, Codable {
  /// The name in configurations, reports and answers.
  public var name: String
  /// Which column holds the task's label, and what it says.
  public var rule: LabelRule

  /// Creates a task; without a rule the column of the same name holds 0 or 1.
  public init(name: String, rule: LabelRule? = nil) {
    self.name = name
    self.rule = rule ?? LabelRule(name: name)
  }
}

extension TaskField: ExpressibleByStringLiteral {
  /// A column whose numbers are the labels.
  public init(stringLiteral value: String) { self.init(name: value) }
}

extension TaskField {
  private enum Keys: String, CaseIterable { case name, column, positive, threshold }

  /// `purchase`, or `{name: order, column: gmv, threshold: 1}`.
  init(_ node: ConfigurationNode) throws(RankingDataError) {
    guard node.isMapping else {
      self.init(name: try node.string())
      return
    }
    let members = try node.members(Keys.allCases.map(\.rawValue))
    let name = try node.required("name", members).string()
    let column = try members["column"]?.string() ?? name
    self.init(name: name, rule: try LabelRule(node, name: column, members))
  }
}
