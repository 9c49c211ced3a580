import Foundation

/// Greedy maximisation of `Σ gain + weight · log det L` over the candidates taken (Chen et al.,
/// NeurIPS 2018): each next one has the largest `gain + weight · log d²`, where d² is what those
/// before leave of its diagonal.
///
/// Chen keeps column c_i of the factor for every candidate i. Here the kernel is given by features,
/// c_i is linear in those of i, and only the map is kept: at most O(n · size) time for each candidate
/// taken, however many were before, and O(top · size) memory. In double precision.
package struct DeterminantalSelection: SlateSelection {
  private let kernel: FactoredKernel
  /// Nil where nothing repels.
  private var factor: DeterminantalFactor?
  private var values: DeterminantalValues
  private var candidates: CandidateValues
  /// Taken, but not yet held against the others: nobody asks after the last one.
  private var pending: Int?
  /// Σ log d² of those taken: log det L of them if all repel.
  package private(set) var logVolume = 0.0

  /// - Parameters:
  ///   - gains: Finite, one a candidate.
  ///   - window: A candidate is repelled by the last `window - 1` taken; `nil` for all.
  ///   - top: How many will be taken, to make room for; more may be.
  package init(
    _ kernel: FactoredKernel, gains: [Double], weight: Double, window: Int? = nil, top: Int = 0
  ) {
    precondition(gains.count == kernel.count, "\(kernel.count) items, \(gains.count) gains")
    self.kernel = kernel
    values = DeterminantalValues(kernel, gains: gains, weight: weight)
    candidates = CandidateValues(gains)
    let limit = min(window.map { $0 - 1 } ?? .max, kernel.count)
    if limit > 0 {
      factor = DeterminantalFactor(kernel, limit: limit, top: min(max(top, 1), kernel.count))
    }
  }

  /// What each candidate would add.
  package mutating func allValues() -> [Double] {
    settle()
    return (0..<kernel.count).map { candidate in
      refresh(candidate)
      return values[candidate]
    }
  }

  package mutating func best(_ allowed: [UInt8]) -> Int? {
    settle()
    return values.best(
      candidates.open, allowed, factor?.columns ?? [], stride: factor?.stride ?? 0, count: lazyCount
    )
  }

  package mutating func take(_ candidate: Int) {
    settle()
    candidates.take(candidate)
    refresh(candidate)
    logVolume += log(max(values.residual(candidate), DeterminantalValues.floor))
    pending = candidate
  }

  package func nearest(_ candidate: Int) -> (candidate: Int, similarity: Double)? { nil }

  /// The columns that values may not know of yet. Forgetting one raises values, so that they all have
  /// to be known at once.
  private var lazyCount: Int {
    factor.map { $0.forgets ? 0 : $0.count } ?? 0
  }

  private mutating func refresh(_ candidate: Int) {
    guard let factor else { return }
    values.refresh(candidate, factor.columns, stride: factor.stride, count: lazyCount)
  }

  /// What was taken last begins to repel.
  private mutating func settle() {
    guard let last = pending else { return }
    pending = nil
    factor?.append(last, of: kernel, residual: values.residual(last))
    if let factor, factor.forgets {
      values.exchange(
        factor.removed, for: factor.columns, at: (factor.count - 1) * factor.stride)
    }
  }
}
