extension FeatureTransform {
  /// One batch of all candidates of some requests, in order.
  ///
  /// A feature is looked up in the candidate, then in the request's context, then in the catalogue.
  /// O(candidates × fields).
  /// - Parameters:
  ///   - catalogue: item features for requests that bring only ids.
  ///   - report: gathers what was unknown or missing.
  public func batch(
    for requests: [RankingRequest], visual: VisualTable? = nil, catalogue: Catalogue? = nil,
    report: inout FeatureReport
  ) -> RankingBatch {
    let count = requests.reduce(0) { $0 + $1.items.count }
    var batch = RankingBatch(
      count: count, categorical: categorical.map { _ in [Int32](repeating: 0, count: count) },
      bags: bags.map { _ in Bag(emptyLists: count) },
      numeric: [Float](repeating: 0, count: count * layout.numericWidth),
      numericWidth: layout.numericWidth,
      visualRows: layout.visual ? [Int32](repeating: -1, count: count) : [],
      visualHistory: Bag())
    report.rows += count
    let histories = requests.map { Self.history(of: $0) }
    for (field, column) in schema.categorical.enumerated() {
      batch.categorical[field] = rows(column.name, categorical[field], requests, catalogue, &report)
    }
    for (field, column) in schema.multiValued.enumerated() {
      batch.bags[field] =
        if column.isHistory {
          repeated(requests, histories) { history in
            history.suffix(column.limit).map { bags[field].row(of: $0) }
          }
        } else {
          lists(column, bags[field], requests, catalogue, &report)
        }
    }
    fillNumbers(&batch.numeric, requests, catalogue, &report)
    if layout.visual, let visual {
      batch.visualRows = requests.flatMap { $0.items.map { visual.row(of: $0.id) } }
    }
    if layout.visual { report.withoutImage += batch.visualRows.count { $0 < 0 } }
    if layout.visualHistory {
      batch.visualHistory = repeated(requests, histories) { history in
        history.suffix(schema.visual.limit).map { visual?.row(of: $0) ?? -1 }.filter { $0 >= 0 }
      }
    }
    var row = 0
    for (index, request) in requests.enumerated() {
      for _ in request.items {
        batch.requests[row] = Int32(index)
        batch.groups[row] = Int32(index)
        row += 1
      }
    }
    return batch
  }

  /// One batch of all candidates of a request, in order.
  public func batch(
    for request: RankingRequest, visual: VisualTable? = nil, catalogue: Catalogue? = nil
  ) -> RankingBatch {
    var report = FeatureReport()
    return batch(for: [request], visual: visual, catalogue: catalogue, report: &report)
  }

  /// Ids of the history strictly before the request, oldest first. Without times on all sides the
  /// given order stands, taken as oldest first.
  static func history(of request: RankingRequest) -> [String] {
    var entries = request.history
    if let now = request.timestamp {
      entries.removeAll { entry in entry.timestamp.map { $0 >= now } ?? false }
    }
    let times = entries.compactMap(\.timestamp)
    guard times.count == entries.count else { return entries.map(\.id) }
    let order = entries.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    return order.map { entries[$0].id }
  }

  private func repeated(
    _ requests: [RankingRequest], _ histories: [[String]], _ rows: ([String]) -> [Int32]
  ) -> Bag {
    var bag = Bag()
    for (request, history) in zip(requests, histories) {
      let list = rows(history)
      for _ in request.items { bag.append(list) }
    }
    return bag
  }
}

extension FeatureTransform {
  private func value(
    _ name: String, _ request: RankingRequest, _ item: Candidate, _ catalogue: Catalogue?
  ) -> FeatureValue? {
    if name == schema.user { return request.user.map { .text($0) } }
    if name == schema.item { return .text(item.id) }
    if name == schema.request { return .text(request.id) }
    if name == schema.timestamp { return request.timestamp.map { .number(Double($0)) } }
    if name == "category", let category = item.category { return .text(category) }
    if let value = item.features[name] { return value }
    if let value = request.context[name] { return value }
    return catalogue?.value(name, of: item.id).map { .text($0) }
  }

  private func rows(
    _ name: String, _ vocabulary: Vocabulary, _ requests: [RankingRequest],
    _ catalogue: Catalogue?, _ report: inout FeatureReport
  ) -> [Int32] {
    var rows: [Int32] = []
    for request in requests {
      for item in request.items {
        let id = value(name, request, item, catalogue)?.identifier ?? ""
        let row = vocabulary.row(of: id)
        if row == 0 {
          if id.isEmpty {
            report.missing[name, default: 0] += 1
          } else {
            report.unknown[name, default: 0] += 1
          }
        }
        rows.append(row)
      }
    }
    return rows
  }

  private func lists(
    _ field: MultiValuedField, _ vocabulary: Vocabulary, _ requests: [RankingRequest],
    _ catalogue: Catalogue?, _ report: inout FeatureReport
  ) -> Bag {
    var bag = Bag()
    for request in requests {
      for item in request.items {
        let ids: [String] =
          switch value(field.name, request, item, catalogue) {
          case .list(let list): field.ids(list)
          case .text(let text): field.split(text)
          case .some(let number): field.ids(number.identifier.map { [$0] } ?? [])
          case nil: []
          }
        let rows = ids.map { vocabulary.row(of: $0) }
        if ids.isEmpty { report.missing[field.name, default: 0] += 1 }
        let unknown = rows.count { $0 == 0 }
        if unknown > 0 { report.unknown[field.name, default: 0] += unknown }
        bag.append(rows)
      }
    }
    return bag
  }

  private func fillNumbers(
    _ numbers: inout [Float], _ requests: [RankingRequest], _ catalogue: Catalogue?,
    _ report: inout FeatureReport
  ) {
    var position = 0
    for request in requests {
      for item in request.items {
        for field in numeric {
          let found = value(field.name, request, item, catalogue)
          var number = found?.number
          if let value = number, !value.isFinite { number = nil }
          // A negative count has no logarithm; training refuses it, serving scores it as missing.
          if field.transform == .log, let value = number, value < 0 { number = nil }
          if number == nil {
            if found == nil || found == .text("") {
              report.missing[field.name, default: 0] += 1
            } else {
              report.unreadable[field.name, default: 0] += 1
            }
          }
          numbers[position] = field(number)
          if field.indicator { numbers[position + 1] = number == nil ? 1 : 0 }
          position += field.width
        }
      }
    }
  }
}
