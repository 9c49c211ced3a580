extension FeatureReport {
  /// Adds the rows of a vocabulary, 0 where a value is missing or unknown.
  mutating func add(rows: [Int32], isMissing: (Int) -> Bool, of name: String) {
    var (missing, unknown) = (0, 0)
    for (place, row) in rows.enumerated() where row == 0 {
      if isMissing(place) { missing += 1 } else { unknown += 1 }
    }
    add(missing: missing, unknown: unknown, of: name)
  }

  /// Adds the numbers of a column.
  /// - Parameter isUseless: whether a number is as good as unreadable.
  mutating func add(
    _ cells: [NumberCell], of name: String, isUseless: (Double) -> Bool = { _ in false }
  ) {
    var (missing, unreadable) = (0, 0)
    for cell in cells {
      switch cell {
      case .missing: missing += 1
      case .unreadable: unreadable += 1
      case .number(let number): if isUseless(number) { unreadable += 1 }
      }
    }
    add(missing: missing, unreadable: unreadable, of: name)
  }
}
