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

  /// Reads the labels of all rows. O(rows).
  init(of source: some RankingBatchSource, byRequest: Bool) {
    (labels, weights) = (source.labels, source.weights)
    guard byRequest else {
      order = Array(0..<Int32(source.count))
      return
    }
    let requests = RequestRows(source.requests)
    order = []
    order.reserveCapacity(source.count)
    self.requests.append(0)
    for request in 0..<requests.count {
      order += requests[request]
      self.requests.append(order.count)
    }
    labels = order.map { labels[Int($0)] }
    weights = order.map { weights[Int($0)] }
  }

  var count: Int { order.count }

  /// The request of each row, numbered in their order.
  var requestNumbers: [Int32] {
    zip(requests, requests.dropFirst()).enumerated().flatMap { number, range in
      [Int32](repeating: Int32(number), count: range.1 - range.0)
    }
  }

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
