import Tensors

/// The course of `MMR` over one list.
///
/// Keeps the largest similarity of each candidate up to date instead of looking back at all that was
/// taken: O(n · width) for each candidate taken.
struct MMRSelection: SlateSelection {
  private let similarity: SlateSimilarity
  /// `tradeOff · relevance`.
  private let gains: [Double]
  private let cost: Double
  private var candidates: CandidateValues
  /// To what was taken: how similar each candidate is at most, and to which; -1 for none.
  private var largest: [Double]
  private var nearest: [Int32]
  private var toLast: [Double]
  private var vector: [Scalar]
  /// Taken, but not yet held against the others: nobody asks after the last one.
  private var pending: Int?

  init(_ configuration: MMR, relevance: [Double], similarity: SlateSimilarity) {
    let count = relevance.count
    precondition(similarity.count == count, "\(similarity.count) items, \(count) relevances")
    self.similarity = similarity
    gains = scaledRelevance(relevance).map { $0 * configuration.tradeOff }
    cost = 1 - configuration.tradeOff
    candidates = CandidateValues(gains)
    largest = [Double](repeating: 0, count: count)
    nearest = [Int32](repeating: -1, count: count)
    toLast = [Double](repeating: 0, count: PackedRows.padded(count))
    vector = [Scalar](repeating: 0, count: similarity.rows.width)
  }

  mutating func best(_ allowed: [UInt8]) -> Int? {
    settle()
    return candidates.best(allowed)
  }

  mutating func take(_ candidate: Int) {
    settle()
    candidates.take(candidate)
    pending = candidate
  }

  func nearest(_ candidate: Int) -> (candidate: Int, similarity: Double)? {
    nearest[candidate] < 0 ? nil : (Int(nearest[candidate]), largest[candidate])
  }

  private mutating func settle() {
    guard let last = pending else { return }
    pending = nil
    similarity.similarities(to: last, into: &toLast, vector: &vector)
    DiversityKernels.raise(
      &largest, &nearest, to: toLast, of: last, open: candidates.open, gains: gains, cost: cost,
      values: &candidates.values)
  }
}
