import Synchronization
import Tensors

/// Counts how many pictures of the training the network has right while it learns. With mixed
/// pictures the class of the larger part is the right one.
package final class TrainingTally: Sendable {
  private let counts = Mutex((right: 0, all: 0))

  package init() {}

  func count(logits: Tensor, targets: [Scalar]) {
    let (rows, columns) = (logits.shape[0], logits.shape[1])
    let scores = logits.scalars
    var right = 0
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      let best = range.max { scores[$0] < scores[$1] }
      if best == range.max(by: { targets[$0] < targets[$1] }) { right += 1 }
    }
    counts.withLock { $0 = ($0.right + right, $0.all + rows) }
  }

  /// The share that was right since the last call.
  package func take() -> Double? {
    counts.withLock { counts in
      defer { counts = (0, 0) }
      return counts.all > 0 ? Double(counts.right) / Double(counts.all) : nil
    }
  }
}
