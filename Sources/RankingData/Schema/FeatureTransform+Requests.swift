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
    let rows = RequestRows(requests, schema, catalogue)
    report.rows += rows.count
    let histories = requests.map { RequestHistory($0) }
    var batch = RankingBatch(
      count: rows.count, categorical: categoricalRows(rows, &report),
      numeric: numbers(rows, &report), numericWidth: layout.numericWidth,
      visualRows: layout.visual ? [Int32](repeating: -1, count: rows.count) : [])
    for (field, vocabulary) in zip(schema.multiValued, bags) {
      let lists =
        field.isHistory || field.historyAttribute != nil
        ? repeated(rows, histories, field, vocabulary) : lists(rows, field, vocabulary, &report)
      batch.bags.append(lists.bag)
      batch.bagAges.append(lists.ages)
    }
    if layout.visual, let visual {
      batch.visualRows = requests.flatMap { $0.items.map { visual.row(of: $0.id) } }
    }
    if layout.visual { report.withoutImage += batch.visualRows.count { $0 < 0 } }
    if layout.visualHistory {
      for (request, history) in zip(requests, histories) {
        let list = history.entries.suffix(schema.visual.limit).map {
          visual?.row(of: $0.id) ?? -1
        }
        for _ in request.items { batch.visualHistory.append(list) }
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
}

extension FeatureTransform {
  private func categoricalRows(_ rows: RequestRows, _ report: inout FeatureReport) -> [[Int32]] {
    var columns: [[Int32]] = []
    for (field, vocabulary) in zip(schema.categorical, categorical) {
      let ids = rows.ids(field.name)
      let known = ids.map { vocabulary.row(of: $0) }
      report.add(rows: known, isMissing: { ids[$0].isEmpty }, of: field.name)
      columns.append(known)
    }
    for buckets in buckets {
      let cells = rows.numbers(buckets.name)
      report.add(cells, of: buckets.layoutName)
      columns.append(cells.map { buckets.row(of: $0.value) })
    }
    for cross in crosses {
      let keys = keys(rows, cross.fields)
      let known = keys.map { cross.row(of: $0) }
      report.add(rows: known, isMissing: { keys[$0].contains("") }, of: cross.name)
      columns.append(known)
    }
    return columns
  }

  /// The texts of each candidate's values in some columns.
  private func keys(_ rows: RequestRows, _ columns: [String]) -> [[String]] {
    let parts = columns.map { name in
      guard let buckets = buckets.first(where: { $0.name == name }) else { return rows.ids(name) }
      return rows.numbers(name).map { Buckets.id(buckets.row(of: $0.value)) }
    }
    return (0..<rows.count).map { row in parts.map { $0[row] } }
  }

  private func repeated(
    _ rows: RequestRows, _ histories: [RequestHistory], _ field: MultiValuedField,
    _ vocabulary: Vocabulary
  ) -> (bag: Bag, ages: [Float]) {
    var (bag, ages) = (Bag(), [Float]())
    for (request, history) in zip(rows.requests, histories) {
      let list = history.entries.suffix(field.limit).map { entry in
        vocabulary.row(of: field.historyAttribute.map { rows.value($0, of: entry) } ?? entry.id)
      }
      for _ in request.items {
        bag.append(list)
        if field.ages { ages += history.ages.suffix(field.limit) }
      }
    }
    return (bag, ages)
  }

  private func numbers(_ rows: RequestRows, _ report: inout FeatureReport) -> [Float] {
    let width = layout.numericWidth
    var numbers = [Float](repeating: 0, count: rows.count * width)
    var span = numbers.mutableSpan
    var offset = 0
    for field in numeric {
      let cells = rows.numbers(field.name)
      field.write(cells.map(\.value), into: &span, at: offset, stride: width)
      report.add(cells, of: field.name) { field.isMissing($0) }
      offset += field.width
    }
    let times = rows.requests.flatMap { request in
      repeatElement(request.timestamp, count: request.items.count)
    }
    for counter in counters {
      let parts = counter.levels.map { keys(rows, $0.columns) }
      for column in counter.columns(of: parts, at: times) {
        for (row, value) in column.enumerated() { span[row * width + offset] = value }
        offset += 1
      }
    }
    return numbers
  }
}
