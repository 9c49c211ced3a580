extension RankingSchema {
  /// The columns that the schema names, and what each is read as: what a reader must keep of a file.
  /// Patterns stand as they are until `resolved(columns:)` has put columns in their place.
  package var columns: [String: Set<ColumnKind>] {
    var columns: [String: Set<ColumnKind>] = [:]
    func add(_ name: String?, _ kind: ColumnKind) {
      if let name { columns[name, default: []].insert(kind) }
    }
    for rule in [label] + tasks.map(\.rule) { add(rule.name, rule.readsText ? .text : .number) }
    for role in [request, user, item] { add(role, .text) }
    for role in [timestamp, weight] { add(role, .number) }
    for field in categorical { add(field.name, .text) }
    for field in multiValued { for name in field.sources { add(name, .text) } }
    for field in numeric { add(field.name, .number) }
    for name in keyColumns { add(name, isBucketed(name) ? .number : .text) }
    return columns
  }

  /// Columns that are read where a file has them: categories of items, and places in a list.
  package var optionalColumns: [String: Set<ColumnKind>] {
    ["category": [.text], "position": [.number]]
  }

  /// Columns that a request brings, apart from the roles and the history.
  package var features: Set<String> {
    let names =
      categorical.map(\.name) + multiValued.flatMap(\.sources) + numeric.map(\.name) + keyColumns
    return Set(names).subtracting(roles)
  }

  /// Columns whose values are joined into keys.
  private var keyColumns: [String] {
    crosses.flatMap(\.fields) + counters.flatMap { $0.by + $0.fallback }
  }

  /// Whether a part of a key is the number of a bucket.
  func isBucketed(_ name: String) -> Bool { buckets.contains { $0.name == name } }

  /// Numeric fields that are read as numbers.
  package var numbers: [NumericField] { numeric.filter { $0.buckets == nil } }

  /// Numeric fields that are read as ids.
  var buckets: [NumericField] { numeric.filter { $0.buckets != nil } }

  /// The same schema with columns in the place of patterns, in the order of the file.
  /// - Throws: `RankingDataError` where a pattern matches nothing.
  package func resolved(columns names: [String]) throws(RankingDataError) -> RankingSchema {
    guard numeric.contains(where: \.isPattern) else { return self }
    // Parts of keys are free: a number may also be crossed, by its text or its bucket.
    var fields = self
    (fields.crosses, fields.counters) = ([], [])
    let named = Set(fields.columns.keys).union(optionalColumns.keys)
    // A column goes to the first pattern that matches, once as a number and once in buckets.
    var taken = [true: named, false: named]
    var resolved = self
    resolved.numeric = []
    for field in numeric {
      guard field.isPattern else {
        resolved.numeric.append(field)
        continue
      }
      let isNumber = field.buckets == nil
      let matches = names.filter {
        taken[isNumber]?.contains($0) == false && ColumnSelection.matches(field.name, $0)
      }
      guard !matches.isEmpty else {
        throw RankingDataError(
          .missingColumn,
          problem: "numeric: no column that is free for it matches \"\(field.name)\".",
          remedy: "The columns are \(names.prefix(20).joined(separator: ", "))"
            + (names.count > 20 ? ", …" : "."))
      }
      taken[isNumber]?.formUnion(matches)
      for name in matches {
        var column = field
        column.name = name
        resolved.numeric.append(column)
      }
    }
    return resolved
  }
}
