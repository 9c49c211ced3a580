extension SchemaProposal {
  /// The `schema` section of a configuration, with comments.
  package var yamlText: String {
    var lines: [(text: String, comment: String)] = []
    var rule = yaml(label.name)
    if let positive = label.positive {
      rule = "{name: \(rule), positive: [\(positive.map { yaml($0) }.joined(separator: ", "))]}"
    } else if let threshold = label.threshold {
      rule = "{name: \(rule), threshold: \(threshold)}"
    }
    lines.append(("label: \(rule)", isGraded ? "grades" : ""))
    for (key, column) in roles {
      lines.append(
        (
          "\(key): \(column.map { yaml($0) } ?? Self.absent)",
          column == nil ? Self.without[key] ?? "" : ""
        ))
    }
    if let weight { lines.append(("weight: \(yaml(weight))", "")) }
    for (key, fields) in [
      ("categorical", categorical), ("multi_valued", multiValued), ("numeric", numeric),
    ] where !fields.isEmpty {
      lines.append(("\(key):", ""))
      lines += fields.map { ("  - \($0.text)", $0.comment) }
    }
    if !leftOut.isEmpty {
      lines.append(("# Left out:", ""))
      lines += leftOut.map { ("#   \($0.text): \($0.comment)", "") }
    }
    let width = min(44, lines.filter { !$0.comment.isEmpty }.map(\.text.count).max() ?? 0)
    return "schema:\n"
      + lines.map { text, comment in
        if comment.isEmpty { return "  \(text)" }
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return "  \(text)\(padding)  # \(comment.replacing("\n", with: " "))"
      }.joined(separator: "\n")
  }

  private static let absent = RankingSchema.none
  private static let without = [
    "request": "each row is a request of its own", "user": "each request is another user's",
    "item": "each row is an item of its own", "timestamp": "no histories, no split by time",
  ]
}
