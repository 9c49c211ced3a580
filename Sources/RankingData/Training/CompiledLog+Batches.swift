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

  /// Mini-batches of some rows.
  /// - Parameters:
  ///   - rows: which rows; all when `nil`.
  ///   - size: rows a batch; the last may be smaller.
  ///   - seed: shuffles the rows; the same seed and epoch give the same order on any machine.
  ///     `nil` keeps the order.
  public func batches(
    of rows: [Int32]? = nil, size: Int, seed: UInt64? = nil, epoch: Int = 0
  ) -> BatchSequence {
    precondition(size > 0, "A batch holds at least one row, not \(size).")
    var order = rows ?? Array(0..<Int32(count))
    if let seed {
      // Consecutive seeds and epochs must not give overlapping sequences.
      var mixer = SplitMix64(seed: seed)
      var generator = SplitMix64(
        seed: mixer.next() ^ UInt64(bitPattern: Int64(epoch)) &* 0xd1b5_4a32_d192_ed03)
      generator.shuffle(&order)
    }
    return BatchSequence(log: self, order: order, size: size)
  }

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

/// Mini-batches of a compiled log.
public struct BatchSequence: Sequence, IteratorProtocol, Sendable {
  private let log: CompiledLog
  private let order: [Int32]
  private let size: Int
  private var position = 0

  init(log: CompiledLog, order: [Int32], size: Int) {
    self.log = log
    self.order = order
    self.size = size
  }

  /// Number of batches in all.
  public var batchCount: Int { (order.count + size - 1) / size }

  /// The next batch.
  public mutating func next() -> RankingBatch? {
    guard position < order.count else { return nil }
    let end = Swift.min(position + size, order.count)
    defer { position = end }
    return log.batch(order[position..<end])
  }
}
