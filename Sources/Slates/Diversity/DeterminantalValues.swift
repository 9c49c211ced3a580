import CKernels

/// What each candidate would add to a slate: `gain + weight · log d²`, d² being what the columns of a
/// factor leave of its diagonal.
///
/// Columns only lower values, so those of a block of candidates are brought up to date when they may
/// be the best, and not before.
struct DeterminantalValues {
  /// A d² below this is rounding: who has it says nothing that was not said, and is taken by gain
  /// when all others are.
  static let floor = 1e-10

  private let kernel: FactoredKernel
  /// Padded with zeros.
  private let gains: [Double]
  private let weight: Double
  private var residuals: [Double]
  private var values: [Double]
  /// How many columns the values of a block know of.
  private var applied: [UInt32]
  private var bounds: [Double]

  init(_ kernel: FactoredKernel, gains: [Double], weight: Double) {
    let padded = PackedRows.padded(kernel.count)
    self.kernel = kernel
    self.gains = gains + [Double](repeating: 0, count: padded - gains.count)
    self.weight = weight
    residuals = kernel.diagonal
    values = [Double](repeating: 0, count: padded)
    applied = [UInt32](repeating: 0, count: padded / PackedRows.lanes)
    bounds = [Double](repeating: 0, count: padded / PackedRows.lanes)
    refresh(0..<applied.count, [], stride: 0, count: 0)
  }

  /// The value of a candidate whose block is up to date.
  subscript(candidate: Int) -> Double { values[candidate] }

  /// What is left of the diagonal of a candidate whose block is up to date.
  func residual(_ candidate: Int) -> Double { residuals[candidate] }

  /// Brings the block of a candidate up to date.
  mutating func refresh(_ candidate: Int, _ columns: [Double], stride: Int, count: Int) {
    let block = candidate / PackedRows.lanes
    guard applied[block] < count else { return }
    refresh(block..<block + 1, columns, stride: stride, count: count)
  }

  private mutating func refresh(
    _ blocks: Range<Int>, _ columns: [Double], stride: Int, count: Int
  ) {
    check(columns, stride: stride, count: count)
    unsafe vitrine_determinantal_refresh(
      kernel.rows.numbers, kernel.rows.width, kernel.categories, columns, stride, count, gains,
      weight, Self.floor, &residuals, &values, &applied, blocks.lowerBound, blocks.upperBound)
  }

  /// The candidate of the largest value where neither byte is 0; the lower index wins ties.
  mutating func best(
    _ open: [UInt8], _ allowed: [UInt8], _ columns: [Double], stride: Int, count: Int
  ) -> Int? {
    check(columns, stride: stride, count: count)
    precondition(
      open.count == kernel.count && allowed.count >= kernel.count,
      "\(allowed.count) bytes for \(kernel.count) candidates")
    let best = unsafe vitrine_determinantal_best(
      kernel.rows.numbers, kernel.rows.width, kernel.categories, columns, stride, count, gains,
      weight, Self.floor, &residuals, &values, &applied, &bounds, open, allowed, kernel.count)
    return best < 0 ? nil : best
  }

  /// Gives every candidate back what a column forgotten had taken, and takes what the one that starts
  /// at `offset` of `columns` takes.
  mutating func exchange(_ removed: [Double], for columns: [Double], at offset: Int) {
    let size = kernel.featureCount
    precondition(removed.count >= size && offset >= 0 && columns.count >= offset + size)
    unsafe columns.withUnsafeBufferPointer { columns in
      guard let base = columns.baseAddress else { return }
      unsafe vitrine_determinantal_exchange(
        kernel.rows.numbers, kernel.rows.width, kernel.categories, removed, base + offset, gains,
        weight, Self.floor, &residuals, &values, applied.count)
    }
  }

  private func check(_ columns: [Double], stride: Int, count: Int) {
    precondition(count == 0 || columns.count >= (count - 1) * stride + kernel.featureCount)
  }
}
