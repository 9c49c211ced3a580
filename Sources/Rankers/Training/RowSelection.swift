public import RankingData

/// Some rows of a source as a source of their own: one side of a split.
public struct RowSelection<Source: RankingBatchSource>: RankingBatchSource {
  private let source: Source
  /// The rows selected, in order.
  package let rows: [Int32]

  /// Selects rows, each in `0 ..< source.count`.
  public init(_ rows: [Int32], of source: Source) {
    self.source = source
    self.rows = rows
  }

  /// See `RankingBatchSource`.
  public var count: Int { rows.count }
  /// See `RankingBatchSource`. O(count).
  public var labels: [Float] {
    let labels = source.labels
    return rows.map { labels[Int($0)] }
  }
  /// See `RankingBatchSource`. O(count).
  public var weights: [Float] {
    let weights = source.weights
    return rows.map { weights[Int($0)] }
  }
  /// See `RankingBatchSource`. O(count).
  public var requests: [Int32] {
    let requests = source.requests
    return rows.map { requests[Int($0)] }
  }
  /// See `RankingBatchSource`. O(count · tasks).
  public var taskLabels: [[Float]] {
    source.taskLabels.map { labels in rows.map { labels[Int($0)] } }
  }

  /// See `RankingBatchSource`.
  public func batch(_ positions: ArraySlice<Int32>) -> RankingBatch {
    source.batch(positions.map { rows[Int($0)] }[...])
  }
}
