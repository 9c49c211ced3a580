public import RankingData

/// What the rows of a scene count for together, where a training is told apart by scenes: pages, devices,
/// countries. Pooled training counts each by its share, so a small scene that wants something else than
/// the large ones is hardly heard.
public enum SceneWeights: String, Sendable, Hashable, Codable, CaseIterable {
  /// By the square root of its share.
  case root
  /// All alike.
  case equal
  /// By its share: as if there were none.
  case share

  /// What each row is multiplied by; 1 on average.
  ///
  /// - Parameter scenes: of each row. O(n).
  package func factors(of scenes: [Int32]) -> [Float] {
    var counts: [Int32: Int] = [:]
    for scene in scenes { counts[scene, default: 0] += 1 }
    let count = Double(scenes.count)
    func together(_ share: Double) -> Double {
      switch self {
      case .root: share.squareRoot()
      case .equal: 1
      case .share: share
      }
    }
    let total = counts.values.sorted().reduce(0) { $0 + together(Double($1) / count) }
    let factors = counts.mapValues { size in
      let share = Double(size) / count
      return Float(together(share) / total / share)
    }
    return scenes.map { factors[$0] ?? 1 }
  }
}

/// Rows that count more or less than their own weights say.
public struct ReweightedRows<Source: RankingBatchSource>: RankingBatchSource {
  private let source: Source
  private let factors: [Float]

  /// - Parameter factors: one a row, not negative.
  public init(_ source: Source, factors: [Float]) {
    precondition(factors.count == source.count, "\(factors.count) factors, \(source.count) rows")
    self.source = source
    self.factors = factors
  }

  /// See `RankingBatchSource`.
  public var count: Int { source.count }
  /// See `RankingBatchSource`.
  public var labels: [Float] { source.labels }
  /// See `RankingBatchSource`. O(count).
  public var weights: [Float] { zip(source.weights, factors).map { $0 * $1 } }
  /// See `RankingBatchSource`.
  public var requests: [Int32] { source.requests }
  /// See `RankingBatchSource`.
  public var taskLabels: [[Float]] { source.taskLabels }

  /// See `RankingBatchSource`.
  public func batch(_ rows: ArraySlice<Int32>) -> RankingBatch {
    var batch = source.batch(rows)
    for (place, row) in rows.enumerated() { batch.weights[place] *= factors[Int(row)] }
    return batch
  }
}
