extension CompiledLog {
  /// Gathers rows into a batch. O(rows × fields + list lengths).
  public func batch(_ rows: ArraySlice<Int32>) -> RankingBatch {
    var batch = RankingBatch(
      count: rows.count, categorical: categorical.map { Self.gather($0, rows) },
      bags: bags.map { self.gather($0, rows) }, numeric: gatherNumbers(rows),
      numericWidth: layout.numericWidth,
      visualRows: visualRows.isEmpty ? [] : Self.gather(visualRows, rows),
      labels: Self.gather(labels, rows), weights: Self.gather(weights, rows),
      groups: Self.gather(groups, rows), requests: Self.gather(requests, rows))
    if layout.visualHistory { batch.visualHistory = gatherVisualHistory(rows) }
    return batch
  }

  /// Gathers rows into a batch.
  public func batch(_ rows: [Int32]) -> RankingBatch { batch(rows[...]) }

  private static func gather(_ column: [Int32], _ rows: ArraySlice<Int32>) -> [Int32] {
    rows.map { column[Int($0)] }
  }

  private static func gather(_ column: [Float], _ rows: ArraySlice<Int32>) -> [Float] {
    rows.map { column[Int($0)] }
  }

  private func gatherNumbers(_ rows: ArraySlice<Int32>) -> [Float] {
    let width = layout.numericWidth
    if width == 0 { return [] }
    var result: [Float] = []
    result.reserveCapacity(rows.count * width)
    for row in rows {
      result.append(contentsOf: numeric[Int(row) * width..<(Int(row) + 1) * width])
    }
    return result
  }

  private func gather(_ column: ListColumn, _ rows: ArraySlice<Int32>) -> Bag {
    var bag = Bag()
    bag.offsets.reserveCapacity(rows.count + 1)
    for row in rows {
      let range =
        column.codes.isEmpty
        ? histories.range(of: Int(row), limit: column.limit)
        : column.lists.range(of: Int(column.codes[Int(row)]))
      bag.append(column.lists.values[range])
    }
    return bag
  }

  private func gatherVisualHistory(_ rows: ArraySlice<Int32>) -> Bag {
    var bag = Bag()
    for row in rows {
      let range = histories.range(of: Int(row), limit: visualLimit)
      bag.append(visualEvents[range].lazy.filter { $0 >= 0 })
    }
    return bag
  }
}
