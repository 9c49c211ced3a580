import RankingData

extension FeatureColumns {
  /// Holds a configuration against the columns that there are.
  func check(_ configuration: BoostedTrees.Configuration) throws(RankerError) {
    if configuration.treeMethod == .exact, let column = kinds.firstIndex(of: .category) {
      throw .configuration(
        key: "tree_method", value: "exact",
        reason: "it cannot split '\(names[column])' by sets of ids; use hist, or categorical: codes"
      )
    }
    let plain = zip(names, kinds).filter { $1 != .category }.map(\.0)
    for (name, sign) in configuration.monotone.sorted(by: { $0.key < $1.key }) {
      guard plain.contains(name) else {
        throw .configuration(
          key: "monotone.\(name)", value: "\(sign)",
          reason: names.contains(name)
            ? "'\(name)' is split by sets of ids, which have no order"
            : "there is no such column. \(suggestion(for: name, in: Array(plain.prefix(40))))")
      }
    }
  }
}
