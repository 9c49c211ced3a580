package import RankingData

/// Runs of consecutive rows that agree: what depends on that alone is worked out once for a run.
package struct RowRuns: Sendable {
  /// The first row of each run.
  package let heads: [Int32]
  /// `count`: the run of each row.
  package let runs: [Int32]

  /// Compares each row with the one before it; O(count) comparisons.
  package init(count: Int, where agree: (_ row: Int, _ previous: Int) -> Bool) {
    var heads: [Int32] = []
    runs = (0..<count).map { row in
      if row == 0 || !agree(row, row - 1) { heads.append(Int32(row)) }
      return Int32(heads.count - 1)
    }
    self.heads = heads
  }

  /// Runs of rows that hold the same; O(count · fields + ids in lists).
  ///
  /// - Parameters:
  ///   - batch: holds the fields to compare, and no others.
  ///   - images: whether the images of the history are compared too.
  package init(_ batch: RankingBatch, images: Bool) {
    let width = batch.numericWidth
    self.init(count: batch.count) { row, previous in
      batch.categorical.allSatisfy { $0[row] == $0[previous] }
        && batch.bags.allSatisfy { $0[row] == $0[previous] }
        && (0..<width).allSatisfy {
          batch.numeric[row * width + $0] == batch.numeric[previous * width + $0]
        }
        && (!images || batch.visualHistory[row] == batch.visualHistory[previous])
    }
  }
}
