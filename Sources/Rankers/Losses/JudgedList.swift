package import RankingData
package import Tensors

/// The rows of one request as a loss of lists sees them, in double precision: a list is short, and
/// its sums cancel.
package struct JudgedList {
  package var scores: [Double]
  package var labels: [Double]
  package var weights: [Double]

  package init(scores: [Double], labels: [Double], weights: [Double]? = nil) {
    self.scores = scores
    self.labels = labels
    self.weights = weights ?? [Double](repeating: 1, count: scores.count)
  }

  package var count: Int { scores.count }

  /// Places by descending label, equal ones in their own order.
  package var byLabel: [Int] {
    scores.indices.sorted { labels[$0] != labels[$1] ? labels[$0] > labels[$1] : $0 < $1 }
  }

  /// Places by descending score, equal ones in their own order.
  package var byScore: [Int] {
    scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
  }
}

/// The loss of one list, and its slope along each score.
package struct ListLossValue {
  package var loss = 0.0
  package var gradient: [Double]

  package init(count: Int) { gradient = [Double](repeating: 0, count: count) }
}

extension RankingBatch {
  /// The requests, as runs of rows.
  package var lists: [Range<Int>] {
    var lists: [Range<Int>] = []
    var start = 0
    for row in 0..<count where row + 1 == count || requests[row + 1] != requests[row] {
      lists.append(start..<row + 1)
      start = row + 1
    }
    return lists
  }

  /// Whether some row of a list is to stand above another.
  package func isComparable(_ list: Range<Int>) -> Bool {
    list.dropFirst().contains { labels[$0] != labels[list.lowerBound] }
  }
}

/// The mean of a loss over the lists of a batch that can be ordered, one traced number.
///
/// Value and gradient of a list are found together, and its gradient is one step on the tape, however
/// many pairs it has.
package func meanOverLists(
  _ scores: Tensor, _ batch: RankingBatch, _ loss: (JudgedList) -> ListLossValue
) -> Tensor {
  precondition(
    scores.count == batch.count, "\(scores.count) scores for a batch of \(batch.count) rows")
  let lists = batch.lists.filter(batch.isComparable)
  let scale = 1 / Double(max(lists.count, 1))
  var total = 0.0
  let gradient = Tensor(shape: scores.shape) { out in
    let values = scores.span
    for rows in lists {
      let value = loss(
        JudgedList(
          scores: rows.map { Double(values[$0]) }, labels: rows.map { Double(batch.labels[$0]) },
          weights: rows.map { Double(batch.weights[$0]) }))
      total += value.loss
      for (row, slope) in zip(rows, value.gradient) { out[row] = Scalar(slope * scale) }
    }
  }
  return traced(Tensor(scalar: Scalar(total * scale)), scores) { upstream in
    scores.node.accumulate(gradient * upstream.item())
  }
}
