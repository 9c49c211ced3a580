import RankingData

/// The rows of a source in the order in which trees see them: where requests matter, those of one
/// request follow each other.
struct LabelledRows {
  /// Rows of the source.
  private(set) var order: [Int32]
  private(set) var labels: [Float]
  private(set) var weights: [Float]
  /// Where each request starts, in `order`; one more at the end. Empty where requests do not matter.
  private(set) var requests: [Int] = []

  private static let blockRows = 1 << 15

  /// Reads the labels of all rows. O(rows) memory, and O(rows · log rows) where requests matter.
  init(of source: some RankingBatchSource, byRequest: Bool) {
    var (labels, weights, requests): ([Float], [Float], [Int32]) = ([], [], [])
    order = Array(0..<Int32(source.count))
    for first in stride(from: 0, to: order.count, by: Self.blockRows) {
      let batch = source.batch(order[first..<min(first + Self.blockRows, order.count)])
      labels += batch.labels
      weights += batch.weights
      if byRequest { requests += batch.requests }
    }
    (self.labels, self.weights) = (labels, weights)
    guard byRequest else { return }
    // Requests in the order of their first rows, rows of a request in their own.
    var firsts: [Int32: Int32] = [:]
    for (row, request) in requests.enumerated() where firsts[request] == nil {
      firsts[request] = Int32(row)
    }
    let keys = requests.map { firsts[$0] ?? 0 }
    order.sort { (keys[Int($0)], $0) < (keys[Int($1)], $1) }
    self.labels = order.map { labels[Int($0)] }
    self.weights = order.map { weights[Int($0)] }
    self.requests =
      order.indices.filter {
        $0 == 0 || keys[Int(order[$0])] != keys[Int(order[$0 - 1])]
      } + [order.count]
  }

  var count: Int { order.count }

  /// Rows of each request.
  var groupSizes: [UInt32] {
    zip(requests, requests.dropFirst()).map { UInt32($1 - $0) }
  }

  /// The mean weight of each request's rows.
  var groupWeights: [Float] {
    zip(requests, requests.dropFirst()).map { first, next in
      weights[first..<next].reduce(0, +) / Float(next - first)
    }
  }

  /// Whether some row weighs more than another.
  var areWeighted: Bool { weights.contains { $0 != 1 } }
}

/// The columns of labelled rows, block by block.
struct ColumnBlocks<Source: RankingBatchSource>: FeatureBlockSource {
  let source: Source
  let order: [Int32]
  let columns: FeatureColumns
  let images: ImageColumns?

  var count: Int { order.count }

  /// Numbers in a block: 128 MiB.
  private static var blockNumbers: Int { 1 << 25 }

  var blockRows: Int { max(1024, Self.blockNumbers / max(columns.width, 1)) }

  func block(_ rows: Range<Int>) -> [Float] {
    var numbers: [Float] = []
    numbers.reserveCapacity(rows.count * columns.width)
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: 4096) {
      let batch = source.batch(order[first..<min(first + 4096, rows.upperBound)])
      numbers += columns.rows(of: batch, images)
    }
    return numbers
  }
}
