import CKernels

/// The C loops of diversification behind checked arrays.
enum DiversityKernels {
  /// The first index of the largest of `values` where neither byte is 0.
  static func best(_ values: [Double], _ open: [UInt8], _ allowed: [UInt8]) -> Int? {
    let count = open.count
    precondition(
      values.count >= count && allowed.count >= count,
      "\(allowed.count) bytes for \(count) candidates")
    let best = unsafe vitrine_masked_argmax(values, open, allowed, count)
    return best < 0 ? nil : best
  }

  /// Makes similarities to `other` of the products of the rows.
  static func mix(
    _ products: inout [Double], count: Int, other: Int, categories: [Int32],
    categoryWeight: Double, parts: [UInt8], pairWeights: [Double]
  ) {
    precondition(
      products.count >= count && categories.count >= count && parts.count >= count
        && other < count && pairWeights.count == 8 && parts[other] < 8)
    unsafe vitrine_mix_similarities(
      &products, categories, categories[other], categoryWeight, parts, parts[other], pairWeights,
      count)
  }

  /// Raises the largest similarity of each open candidate to that of `other`, and sets its value to
  /// `gain - cost · largest`.
  static func raise(
    _ largest: inout [Double], _ nearest: inout [Int32], to similarities: [Double], of other: Int,
    open: [UInt8], gains: [Double], cost: Double, values: inout [Double]
  ) {
    let count = open.count
    precondition(
      largest.count >= count && nearest.count >= count && similarities.count >= count
        && gains.count >= count && values.count >= count)
    unsafe vitrine_raise_similarities(
      &largest, &nearest, similarities, Int32(other), open, gains, cost, &values, count)
  }
}
