internal import Foundation

extension ScoreOverrides {
  /// Reads a YAML file.
  ///
  /// ```yaml
  /// version: 2026-11-24
  /// overrides:
  ///   - {feature: item, value: "593", add: -4, until: 2026-12-31, reason: recalled}
  ///   - {feature: category, value: Coats, add: 0.3, from: 2026-12-01, until: 2027-01-31}
  /// ```
  /// Days are in UTC, and the last one counts whole; seconds since 1970 are as good.
  /// - Throws: `RankingDataError` naming file, line and key.
  public init(path: String) throws(RankingDataError) {
    try self.init(ConfigurationNode(path: path))
  }

  /// Reads a document.
  package init(_ node: ConfigurationNode) throws(RankingDataError) {
    let members = try node.members(["version", "overrides"])
    guard let version = members["version"], let list = members["overrides"] else {
      throw node.failure(
        .missingKey, "a list of overrides has a version and overrides.", "Add what is missing.")
    }
    var overrides: [ScoreOverride] = []
    for element in try list.elements() { overrides.append(try ScoreOverride(element)) }
    self.init(version: try version.string(), overrides: overrides)
  }
}

extension ScoreOverride {
  fileprivate init(_ node: ConfigurationNode) throws(RankingDataError) {
    let members = try node.members(["feature", "value", "add", "from", "until", "reason"])
    func required(_ key: String) throws(RankingDataError) -> ConfigurationNode {
      if let member = members[key] { return member }
      throw node.failure(
        .missingKey, "there is no \"\(key)\".",
        key == "until"
          ? "An override ends some day: write until: 2026-12-31, and renew it if need be."
          : "Add the key.")
    }
    let until = try required("until")
    self.init(
      feature: try required("feature").string(), value: try required("value").string(),
      add: try required("add").number(in: -1000...1000),
      from: try members["from"].map { (from) throws(RankingDataError) in try Self.time(from) },
      until: try Self.time(until, wholeDay: true), reason: try members["reason"]?.string())
    if let from, from >= self.until {
      throw until.failure(.badValue, "it ends before it begins.", "Swap from and until.")
    }
  }

  /// A day or seconds since 1970.
  /// - Parameter wholeDay: whether a day means its end.
  private static func time(
    _ node: ConfigurationNode, wholeDay: Bool = false
  ) throws(RankingDataError) -> Int64 {
    let text = try node.string()
    if let seconds = Int64(text), (0...253_402_300_799).contains(seconds) { return seconds }
    guard let day = try? Date(text, strategy: .iso8601.year().month().day()) else {
      throw node.failure(
        .badValue, "\"\(text)\" is no day.", "Write 2026-12-31, or seconds since 1970.")
    }
    return Int64(day.timeIntervalSince1970) + (wholeDay ? 86_400 : 0)
  }
}
