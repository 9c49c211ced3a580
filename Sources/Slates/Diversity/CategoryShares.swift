/// What part of a user's interest belongs to each category: positive numbers that add up to 1, or
/// nothing when nothing is known.
public struct CategoryShares: Sendable, Hashable {
  /// By category.
  public let shares: [String: Double]

  /// Scales shares, which are counts or weights of any size, to a sum of 1; those of 0 are left out.
  ///
  /// Throws `SlateError.configuration` when one is negative or not finite.
  public init(_ shares: [String: Double] = [:]) throws(SlateError) {
    for (category, share) in shares where !(share >= 0 && share.isFinite) {
      throw .configuration(
        field: "share of “\(category)”", value: String(share),
        rule: "it must be a finite number of at least 0")
    }
    let largest = shares.values.max() ?? 0
    guard largest > 0 else {
      self.shares = [:]
      return
    }
    // In a fixed order, as sums depend on it; and two finite shares may have a sum that is not.
    let sum = shares.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value / largest }
    self.shares = shares.mapValues { $0 / largest / sum }.filter { $0.value > 0 }
  }

  /// The shares of what a user turned to before; one without a category counts for nothing.
  ///
  /// - Parameter weights: Of each, for example less for what is long past; `nil` for all alike.
  /// - Throws: `SlateError.countMismatch` when there are not as many weights, and as the other
  ///   initializer.
  public init(history: [String?], weights: [Double]? = nil) throws(SlateError) {
    if let weights, weights.count != history.count {
      throw .countMismatch(
        list: "history", column: "weights", expected: history.count, found: weights.count)
    }
    var sums: [String: Double] = [:]
    for (position, category) in history.enumerated() {
      guard let category else { continue }
      sums[category, default: 0] += weights?[position] ?? 1
    }
    try self.init(sums)
  }
}
