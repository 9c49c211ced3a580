/// The candidates of some requests, one after another, as a table whose columns are looked up by
/// name: in the candidate, then in the request's context, then in the catalogue.
struct RequestRows {
  let requests: [RankingRequest]
  let schema: RankingSchema
  let catalogue: Catalogue?
  /// Candidates in all requests.
  let count: Int

  init(_ requests: [RankingRequest], _ schema: RankingSchema, _ catalogue: Catalogue?) {
    self.requests = requests
    self.schema = schema
    self.catalogue = catalogue
    count = requests.reduce(0) { $0 + $1.items.count }
  }

  /// What a function makes of each candidate's value.
  func map<Value>(_ name: String, _ value: (FeatureValue?) -> Value) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    for request in requests {
      if let role = role(name, request) {
        values.append(contentsOf: repeatElement(value(role.value), count: request.items.count))
        continue
      }
      // The context is one value for the whole list; it is read once.
      lazy var shared = request.context[name]
      for item in request.items {
        values.append(value(own(name, item) ?? shared ?? known(name, item)))
      }
    }
    return values
  }

  /// Each candidate's id in a column; empty where there is none.
  func ids(_ name: String) -> [String] { map(name) { $0?.identifier ?? "" } }

  /// Each candidate's number in a column.
  func numbers(_ name: String) -> [NumberCell] { map(name, NumberCell.init) }

  /// What the request says in one of its roles; it may say nothing.
  private struct Role {
    var value: FeatureValue?
  }

  private func role(_ name: String, _ request: RankingRequest) -> Role? {
    if name == schema.user { return Role(value: request.user.map { .text($0) }) }
    if name == schema.item { return nil }
    if name == schema.request { return Role(value: .text(request.id)) }
    if name == schema.timestamp {
      return Role(value: request.timestamp.map { .number(Double($0)) })
    }
    return nil
  }

  private func own(_ name: String, _ item: Candidate) -> FeatureValue? {
    if name == schema.item { return .text(item.id) }
    if name == "category", let category = item.category { return .text(category) }
    return item.features[name]
  }

  private func known(_ name: String, _ item: Candidate) -> FeatureValue? {
    catalogue?.value(name, of: item.id).map { .text($0) }
  }
}

/// A number as a request brings it.
enum NumberCell {
  case number(Double)
  case missing
  /// A text that spells no number, or one that is not finite.
  case unreadable

  init(_ value: FeatureValue?) {
    guard let value, value != .text("") else {
      self = .missing
      return
    }
    guard let number = value.number, number.isFinite else {
      self = .unreadable
      return
    }
    self = .number(number)
  }

  /// The number; NaN where there is none.
  var value: Double { if case .number(let number) = self { number } else { .nan } }
}
