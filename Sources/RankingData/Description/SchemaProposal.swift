/// A schema that a file suggests: what `vitrine dataset describe` prints, with the reason of each
/// choice. A proposal is a start to read and correct, not an answer.
package struct SchemaProposal: Sendable {
  /// A field and why it is one.
  struct Field: Sendable, Hashable {
    /// As it is written in a list of the schema.
    var text: String
    var comment: String
  }

  /// What is called by these names, or `nil` where there is nothing of the kind.
  var roles: [(key: String, column: String?)] = []
  /// The label.
  var label: LabelRule
  /// Whether labels are grades beyond 1.
  package var isGraded: Bool
  /// Whether rows are grouped into requests.
  package var hasRequests: Bool { role("request") != nil }
  /// Whether there is any field of ids.
  package var hasCategories: Bool { !categorical.isEmpty || !multiValued.isEmpty }
  var weight: String?
  var categorical: [Field] = []
  var multiValued: [Field] = []
  var numeric: [Field] = []
  /// Columns that are left out, and why.
  var leftOut: [Field] = []
  /// What else a reader should know.
  package var notes: [String] = []

  func role(_ key: String) -> String? { roles.first { $0.key == key }?.column }

  /// The split that the roles allow.
  package var split: String {
    if role("timestamp") != nil { return "{by: time, validation: 0.1, test: 0.1}" }
    if role("request") == nil, role("user") != nil {
      return "{by: group, validation: 0.15, test: 0.15}"
    }
    return "{by: random, validation: 0.15, test: 0.15}"
  }

  /// Looks at a sample of a log.
  /// - Parameters:
  ///   - table: the rows; texts, or numbers where the format says so.
  ///   - catalogue: item features.
  ///   - label: the column of the label, where it is known.
  /// - Throws: `RankingDataError` where no label is found.
  package init(
    _ table: Table, catalogue: Table? = nil, label named: String? = nil
  ) throws(RankingDataError) {
    if let named, !table.has(named) { _ = try table.column(named) }
    let isSparse = table.columns.contains { $0.text == nil }
    let profiles = table.columns.compactMap { $0.profile }
    let guess = RoleGuess(profiles)
    guard let answer = LabelGuess(profiles, named: named, roles: guess.columns) else {
      throw RankingDataError(
        .missingColumn, file: table.file, problem: "No column looks like a label.",
        remedy: "Name it with --label.")
    }
    label = answer.rule
    isGraded = answer.isGraded
    roles = [
      ("request", guess.request), ("user", guess.user), ("item", guess.item),
      ("timestamp", guess.timestamp),
    ]
    weight = guess.weight == answer.rule.name ? nil : guess.weight
    for name in guess.milliseconds {
      notes.append("\(name) looks like milliseconds: as a timestamp it must be in seconds.")
    }
    if guess.user == nil, guess.request == nil, !isSparse {
      notes.append("Neither users nor requests were found: GAUC and NDCG need one of them.")
    }
    if isSparse {
      numeric = [
        Field(
          text: "{name: \"f*\"}",
          comment: "all \(table.names.filter { $0.first == "f" }.count) features")
      ]
      return
    }
    let isPositive = profiles.first { $0.name == answer.rule.name }.map(answer.isPositive) ?? []
    describe(profiles, guess, isPositive)
    if let catalogue {
      let features = catalogue.columns.compactMap { $0.profile }.filter {
        $0.name != "id" && $0.name != "path" && !table.has($0.name)
      }
      for profile in features { add(profile, "the catalogue's; ") }
      if catalogue.has("path") {
        notes.append("The catalogue names images: vitrine extract, then visual: {items: true}.")
      }
    }
    guard hasCategories || !numeric.isEmpty else {
      throw RankingDataError(
        .insufficientData, file: table.file, problem: "No column looks like a feature.",
        remedy: "Check the delimiter and the header.")
    }
  }

  private mutating func describe(
    _ profiles: [ColumnProfile], _ guess: RoleGuess, _ isPositive: [Bool]
  ) {
    let items = profiles.first { $0.name == guess.item }
    var taken: Set<String> = [label.name, "position"]
    taken.formUnion([guess.request, guess.timestamp, weight].compactMap { $0 })
    for profile in profiles where profile.name == "position" {
      leftOut.append(
        Field(text: profile.name, comment: "nobody knows it before the items are ranked"))
    }
    for profile in profiles where profile.name == guess.user || profile.name == guess.item {
      taken.insert(profile.name)
      categorical.append(profile.idField(""))
    }
    for profile in profiles where !taken.contains(profile.name) {
      let leak = profile.leak(isPositive)
      guard leak > 0.97 else { continue }
      taken.insert(profile.name)
      let hundredths = Int((leak * 100).rounded(.down))
      let area = hundredths == 100 ? "1" : "0.\(hundredths)"
      leftOut.append(
        Field(text: profile.name, comment: "says the label by itself (AUC \(area)): a leak?"))
    }
    if guess.user != nil, guess.item != nil, guess.timestamp != nil, !taken.contains("history") {
      multiValued.append(
        Field(text: MultiValuedField.history, comment: "items the user responded to before"))
      taken.insert(MultiValuedField.history)
    }
    let rest = profiles.filter { !taken.contains($0.name) }
    for family in ColumnFamily.find(in: rest, items: items) {
      multiValued.append(family.field)
      taken.formUnion(family.columns)
    }
    for profile in rest where !taken.contains(profile.name) { add(profile, "") }
  }

  /// Puts a column where it belongs.
  private mutating func add(_ profile: ColumnProfile, _ whose: String) {
    let name = yaml(profile.name)
    if profile.distinct < 2, profile.missing == 0 || profile.distinct == 0 {
      leftOut.append(Field(text: profile.name, comment: "all rows have the same value"))
    } else if profile.numbers != nil, !profile.looksLikeIds {
      numeric.append(profile.numberField(whose))
    } else if let separator = profile.separator {
      let text =
        separator == "|" ? name : "{name: \(name), separator: \"\(separator)\"}"
      multiValued.append(Field(text: text, comment: "\(whose)lists"))
    } else if profile.isUnique {
      leftOut.append(
        Field(text: profile.name, comment: "nearly every row has a value of its own"))
    } else {
      categorical.append(profile.idField(whose))
    }
  }
}

extension StoredColumn {
  fileprivate var profile: ColumnProfile? {
    if let text { return ColumnProfile(text) }
    guard name == "label", let numbers else { return nil }
    // Only the label of a sparse file is looked at: its numbers as texts.
    var dictionary: [Double: Int32] = [:]
    var values: [Double] = []
    let codes = numbers.map { value in
      if let code = dictionary[value] { return code }
      dictionary[value] = Int32(values.count)
      values.append(value)
      return Int32(values.count - 1)
    }
    return ColumnProfile(
      Table.TextColumn(
        name: name, codes: Column(codes), values: TextValues(values.map { "\($0)" })))
  }
}

extension ColumnProfile {
  /// Whether numbers are names of things: few different whole ones, or a name that says so.
  var looksLikeIds: Bool {
    guard isWhole else { return false }
    let word = name.lowercased()
    if ["id", "code", "zip"].contains(where: word.hasSuffix) || word.hasPrefix("id_") {
      return true
    }
    return distinct <= 12 && maximum - minimum < 100
  }

  func idField(_ whose: String) -> SchemaProposal.Field {
    let isRare = distinct > 100 && medianCount < 5
    return SchemaProposal.Field(
      text: isRare ? "{name: \(yaml(name)), minimum_count: 5}" : yaml(name),
      comment: whose + "\(distinct) values"
        + (isRare ? ", half of them in fewer than 5 rows" : "")
        + missingNote)
  }

  func numberField(_ whose: String) -> SchemaProposal.Field {
    let skew = skewness
    let transform = skew.magnitude <= 2 ? nil : minimum >= 0 && skew > 0 ? "log" : "quantile"
    return SchemaProposal.Field(
      text: transform.map { "{name: \(yaml(name)), transform: \($0)}" } ?? yaml(name),
      comment: whose + "\(short(minimum)) to \(short(maximum))"
        + (transform == nil ? "" : ", a long tail")
        + missingNote)
  }

  private var missingNote: String {
    let share = (100 * Double(missing) / Double(max(1, column.codes.count))).rounded()
    return missing == 0 ? "" : share < 1 ? ", a few missing" : ", \(Int(share))% missing"
  }

  private func short(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
  }
}

/// A text as YAML reads it back.
package func yaml(_ text: String) -> String {
  let isPlain =
    text.first.map { $0.isASCII && ($0.isLetter || $0 == "_") } == true
    && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
  let words = ["null", "true", "false", "yes", "no", "on", "off", "none", "y", "n"]
  if isPlain, !words.contains(text.lowercased()) { return text }
  // JSON's strings are YAML's too.
  var quoted = JSONText()
  quoted.string(text)
  return String(decoding: quoted.bytes, as: UTF8.self)
}
