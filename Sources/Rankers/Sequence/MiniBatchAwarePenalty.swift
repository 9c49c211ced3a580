import NeuralNetworks
import RankingData
import Tensors

/// The regularisation of the Deep Interest Network (Zhou et al., KDD 2018, section 5.1): an L2 penalty
/// on the vectors of ids that touches only those present in a batch, each divided by how often it
/// occurs in all training rows.
///
/// The gradient of `λ/2 · Σ |w_j|² / n_j`, over the distinct ids `j` of the batch, is the paper's
/// `λ / n_j · w_j`. Frequent ids, which have data to learn from, are held back less in a step, and over
/// an epoch every id is held back by at most λ times its vector.
struct MiniBatchAwarePenalty: Sendable {
  /// λ
  let lambda: Scalar
  /// For each row of the table, how often it occurs in the training rows; empty before they were
  /// studied, when every id counts as occurring once.
  private(set) var occurrences: [Int32] = []

  init(lambda: Double) { self.lambda = Scalar(lambda) }

  /// Counts the ids of all training rows, those of histories included. One pass over the rows.
  mutating func study(_ training: some RankingBatchSource, _ fields: SequenceFields) {
    var counts = [Int32](repeating: 0, count: fields.table.value.shape[0])
    let step = 8192
    for start in stride(from: 0, to: training.count, by: step) {
      let rows = (start..<min(start + step, training.count)).map(Int32.init)
      for row in fields.occurrences(in: training.batch(rows[...])) where row >= 0 {
        // A count that no longer fits is as good as infinite.
        counts[Int(row)] += counts[Int(row)] < .max ? 1 : 0
      }
    }
    occurrences = counts
  }

  /// What a batch adds to the loss: one number, whose gradient touches the rows present alone.
  func callAsFunction(_ batch: RankingBatch, _ fields: SequenceFields, _ pass: Pass) -> Tensor? {
    var seen: Set<Int32> = []
    let present = fields.occurrences(in: batch).filter { $0 >= 0 && seen.insert($0).inserted }
    guard !present.isEmpty else { return nil }
    let shares = present.map { row in
      1 / Scalar(occurrences.isEmpty ? 1 : max(occurrences[Int(row)], 1))
    }
    let squares = pass.gather(fields.table, present).square()
    return (squares * Tensor(shares, shape: [present.count, 1])).sum() * (lambda / 2)
  }
}
