import Foundation

/// Greedy maximisation of `Σ gain + weight · log det L` over the candidates taken (Chen et al.,
/// NeurIPS 2018): each next one has the largest `gain + weight · log d²`, where d² is what those
/// before leave of its diagonal.
///
/// Chen keeps column c_i of the factor for every candidate i. Here the kernel is given by features,
/// c_i is linear in those of i, and only the map is kept: O(n · size) time for each candidate taken,
/// however many were before, and O(top · size) memory. In double precision.
package struct DeterminantalSelection: SlateSelection {
  /// A d² below this is rounding: who has it says nothing that was not said, and is taken by gain
  /// when all others are.
  static let floor = 1e-10

  private let kernel: FactoredKernel
  /// Padded with zeros.
  private let gains: [Double]
  private let weight: Double
  private var factor: DeterminantalFactor
  private var candidates: CandidateValues
  private var residuals: [Double]
  private var added: [Double]
  private var removed: [Double] = []
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
    let count = kernel.count
    precondition(gains.count == count, "\(count) items, \(gains.count) gains")
    let padded = PackedRows.padded(count)
    self.kernel = kernel
    self.gains = gains + [Double](repeating: 0, count: padded - count)
    self.weight = weight
    let top = min(max(top, 1), max(count, 1))
    factor = DeterminantalFactor(
      size: kernel.featureCount, limit: window.map { $0 - 1 } ?? .max, top: top)
    residuals = kernel.diagonal
    added = [Double](repeating: 0, count: padded)
    if factor.forgets { removed = added }
    candidates = CandidateValues(added, count: count)
    update(entries: [Double](repeating: 0, count: kernel.categoryCount), at: 0, forgot: false)
  }

  /// What each candidate would add.
  package var values: [Double] { Array(candidates.values.prefix(kernel.count)) }

  package mutating func best(_ allowed: [UInt8]) -> Int? {
    settle()
    return candidates.best(allowed)
  }

  package mutating func take(_ candidate: Int) {
    settle()
    candidates.take(candidate)
    logVolume += log(max(residuals[candidate], Self.floor))
    pending = candidate
  }

  package func nearest(_ candidate: Int) -> (candidate: Int, similarity: Double)? { nil }

  /// What was taken last begins to repel.
  private mutating func settle() {
    guard let last = pending else { return }
    pending = nil
    guard factor.limit > 0 else { return }
    let forgot = factor.append(
      last, of: kernel, residual: residuals[last], floor: Self.floor)
    kernel.rows.dots(factor.columns, at: factor.last, into: &added)
    if forgot { kernel.rows.dots(factor.removed, into: &removed) }
    update(entries: factor.columns, at: factor.last + kernel.rows.width, forgot: forgot)
  }

  private mutating func update(entries: [Double], at offset: Int, forgot: Bool) {
    DiversityKernels.update(
      diagonals: &residuals, values: &candidates.values,
      added: added, addedEntries: (entries, offset),
      removed: forgot ? removed : nil, removedEntries: (factor.removed, kernel.rows.width),
      kernel.categories, categoryCount: kernel.categoryCount, gains: gains, weight: weight,
      floor: Self.floor)
  }
}
