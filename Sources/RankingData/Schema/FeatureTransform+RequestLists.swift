extension FeatureTransform {
  /// The lists of a multi-valued field that requests bring, other than the history.
  func lists(
    _ rows: RequestRows, _ field: MultiValuedField, _ vocabulary: Vocabulary,
    _ report: inout FeatureReport
  ) -> (bag: Bag, ages: [Float]) {
    if let times = field.times { return timedLists(rows, field, times, vocabulary, &report) }
    let lists = field.columns.map { joined(rows, field, $0) } ?? rows.map(field.name, field.ids)
    var bag = Bag()
    for ids in lists { bag.append(ids.map { vocabulary.row(of: $0) }) }
    report.add(
      missing: lists.count(where: \.isEmpty), unknown: bag.values.count { $0 == 0 },
      of: field.name)
    return (bag, [])
  }

  /// One id of each of several columns; a request may also bring the whole list under the field's
  /// own name.
  private func joined(
    _ rows: RequestRows, _ field: MultiValuedField, _ columns: [String]
  ) -> [[String]] {
    let own = rows.map(field.name) { $0.map(field.ids) }
    let parts = columns.map { rows.ids($0).map(MultiValuedField.trimmed) }
    return own.indices.map { row in
      own[row] ?? Array(parts.lazy.map { $0[row] }.filter { !$0.isEmpty }.prefix(field.limit))
    }
  }

  private func timedLists(
    _ rows: RequestRows, _ field: MultiValuedField, _ times: String, _ vocabulary: Vocabulary,
    _ report: inout FeatureReport
  ) -> (bag: Bag, ages: [Float]) {
    let lists = rows.map(field.name, field.parts)
    let moments = rows.map(times, field.parts)
    var (bag, ages) = (Bag(), [Float]())
    var row = 0
    for request in rows.requests {
      let now = request.timestamp.map { Double($0) } ?? .nan
      for _ in request.items {
        var seconds = moments[row].map(TimedList.time)
        // Ids without a time of their own cannot be shown to be earlier.
        if seconds.count != lists[row].count {
          seconds = lists[row].map { _ in .nan }
        }
        let list = TimedList(
          ids: lists[row].map { $0.isEmpty ? -1 : vocabulary.row(of: $0) }, times: seconds,
          before: now, limit: field.limit)
        report.add(
          missing: list.ids.isEmpty ? 1 : 0, unknown: list.ids.count { $0 == 0 },
          unreadable: seconds.count(where: \.isNaN), of: field.name)
        bag.append(list.ids)
        ages += list.ages
        row += 1
      }
    }
    return (bag, ages)
  }
}

extension MultiValuedField {
  /// The ids of a request's value.
  fileprivate func ids(_ value: FeatureValue?) -> [String] {
    switch value {
    case .list(let list): ids(list)
    case .text(let text): split(text)
    case .some(let number): ids(number.identifier.map { [$0] } ?? [])
    case nil: []
    }
  }

  /// The parts of a request's value whose ids have times.
  fileprivate func parts(_ value: FeatureValue?) -> [String] {
    switch value {
    case .list(let list): list.map(Self.trimmed)
    case .text(let text): parts(text)
    case .some(let number): number.identifier.map { [$0] } ?? []
    case nil: []
    }
  }
}
