extension CompiledLog {
  /// Gathers rows into a batch. O(rows × fields + list lengths).
  public func batch(_ rows: ArraySlice<Int32>) -> RankingBatch {
    var batch = RankingBatch(
      count: rows.count, categorical: categorical.map { $0.gather(rows) },
      numeric: gatherNumbers(rows), numericWidth: layout.numericWidth,
      visualRows: layout.visual ? rows.map { visualItems[Int(items[Int($0)])] } : [],
      labels: Self.gather(labelColumn, rows), weights: Self.gather(weightColumn, rows),
      groups: Self.gather(groups, rows), requests: Self.gather(requestColumn, rows))
    for column in bags {
      var bag = Bag()
      var ages: [Float] = []
      bag.offsets.reserveCapacity(rows.count + 1)
      for row in rows { column.append(row, to: &bag, ages: &ages) }
      batch.bags.append(bag)
      batch.bagAges.append(ages)
    }
    batch.taskLabels = taskColumns.map { Self.gather($0, rows) }
    if let offsets { batch.offsets = Self.gather(offsets, rows) }
    if layout.visualHistory { batch.visualHistory = gatherVisualHistory(rows) }
    return batch
  }

  /// Gathers rows into a batch.
  public func batch(_ rows: [Int32]) -> RankingBatch { batch(rows[...]) }

  private static func gather<Value>(_ column: Column<Value>, _ rows: ArraySlice<Int32>) -> [Value] {
    unsafe column.withUnsafeBufferPointer { column in
      rows.map { row in unsafe column[Int(row)] }
    }
  }

  private func gatherNumbers(_ rows: ArraySlice<Int32>) -> [Float] {
    let width = layout.numericWidth
    var numbers = [Float](repeating: 0, count: rows.count * width)
    var span = numbers.mutableSpan
    var offset = 0
    for (transform, source) in numeric {
      transform.write(source.gather(rows), into: &span, at: offset, stride: width)
      offset += transform.width
    }
    for column in counters {
      var position = offset
      for row in rows {
        span[position] = column[Int(row)]
        position += width
      }
      offset += 1
    }
    return numbers
  }

  private func gatherVisualHistory(_ rows: ArraySlice<Int32>) -> Bag {
    var bag = Bag()
    for row in rows {
      let events = histories.items[histories.range(of: Int(row), limit: visualLimit)]
      bag.append(events.lazy.map { visualItems[Int($0)] })
    }
    return bag
  }
}
