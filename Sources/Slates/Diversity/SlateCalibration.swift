/// The categories of the candidates of one list, and the shares of them that a slate should have.
public struct SlateCalibration: Sendable {
  /// Of each candidate; -1 for none.
  let categories: [Int32]
  /// By category; 0 for one that is not wanted.
  let wanted: [Double]

  /// - Parameter candidates: The candidates of `list` to choose from, or `nil` for all.
  ///
  /// Complexity: O(count + categories).
  public init(_ list: SlateList, _ candidates: [Int]? = nil, shares: CategoryShares) {
    categories = candidates.map { $0.map { list.categoryCodes[$0] } } ?? list.categoryCodes
    wanted = list.distinctCategories.map { shares.shares[$0] ?? 0 }
  }
}
