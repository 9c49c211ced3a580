/// Whether image vectors are read.
public struct VisualFields: Sendable, Hashable, Codable {
  /// The candidate's image.
  public var items: Bool
  /// The images of the user's history.
  public var history: Bool
  /// Longest visual history, most recent items.
  public var limit: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case items, history, limit
  }

  /// Creates the switches.
  public init(items: Bool = false, history: Bool = false, limit: Int = 50) {
    self.items = items
    self.history = history
    self.limit = limit
  }
}

extension VisualFields {
  init(_ node: ConfigurationNode) throws(RankingDataError) {
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
