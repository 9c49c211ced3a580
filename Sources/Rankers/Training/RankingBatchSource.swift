public import RankingData

/// Labelled rows from which training draws mini-batches.
///
/// A `CompiledLog` is one, and so is a `RankingBatch` that holds a whole training set.
public protocol RankingBatchSource: Sendable {
  /// Number of rows.
  var count: Int { get }
  /// The label of each row.
  var labels: [Float] { get }
  /// The weight of each row.
  var weights: [Float] { get }
  /// The number of each row's request.
  var requests: [Int32] { get }

  /// For each task beside the label, the label of each row; NaN where it is not known.
  var taskLabels: [[Float]] { get }

  /// Some rows as a batch, in the order given; each in `0 ..< count`.
  func batch(_ rows: ArraySlice<Int32>) -> RankingBatch
}

extension RankingBatchSource {
  /// No other tasks.
  public var taskLabels: [[Float]] { [] }

  /// The number of each row's user. Makes every batch once.
  var userNumbers: [Int32] {
    let rows = Array(0..<Int32(count))
    return stride(from: 0, to: count, by: 4096).flatMap {
      batch(rows[$0..<min($0 + 4096, count)]).groups
    }
  }
}

extension CompiledLog: RankingBatchSource {}

extension RankingBatch: RankingBatchSource {
  /// Copies some rows, in the order given. O(rows · fields + ids in lists).
  public func batch(_ rows: ArraySlice<Int32>) -> RankingBatch {
    var numbers: [Float] = []
    numbers.reserveCapacity(rows.count * numericWidth)
    if numericWidth > 0 {
      for row in rows.map(Int.init) {
        numbers += numeric[row * numericWidth..<(row + 1) * numericWidth]
      }
    }
    var batch = RankingBatch(
      count: rows.count,
      categorical: categorical.map { column in rows.map { column[Int($0)] } },
      bags: bags.map { $0.selecting(rows) },
      bagAges: zip(bags, bagAges).map { bag, ages in
        ages.isEmpty ? [] : rows.flatMap { ages[bag.range(of: Int($0))] }
      },
      numeric: numbers, numericWidth: numericWidth,
      visualRows: visualRows.isEmpty ? [] : rows.map { visualRows[Int($0)] },
      visualHistory: visualHistory.count == count ? visualHistory.selecting(rows) : Bag(),
      labels: rows.map { labels[Int($0)] }, weights: rows.map { weights[Int($0)] },
      groups: rows.map { groups[Int($0)] }, requests: rows.map { requests[Int($0)] })
    if !offsets.isEmpty { batch.offsets = rows.map { offsets[Int($0)] } }
    batch.taskLabels = taskLabels.map { column in rows.map { column[Int($0)] } }
    return batch
  }
}

extension Bag {
  fileprivate func selecting(_ rows: ArraySlice<Int32>) -> Bag {
    var result = Bag()
    result.offsets.reserveCapacity(rows.count + 1)
    for row in rows { result.append(self[Int(row)]) }
    return result
  }
}
