/// What the texts of a column look like: ids, numbers or lists.
struct ColumnProfile {
  /// Column name.
  let name: String
  let column: Table.TextColumn
  /// Rows of each code.
  let counts: [Int]
  /// Rows without a value.
  let missing: Int
  /// Distinct values.
  let distinct: Int
  /// The number of each code, NaN for none; `nil` where some value is no number.
  let numbers: [Double]?
  /// What joins the elements of lists, where cells are lists.
  let separator: Character?

  init(_ column: Table.TextColumn) {
    self.column = column
    name = column.name
    let counts = column.counts
    self.counts = counts
    let empty = column.values.missing
    missing = empty.map { counts[Int($0)] } ?? 0
    distinct = column.values.count - (empty == nil ? 0 : 1)
    let parsed = column.values.indices.map { column.values.number($0) ?? .nan }
    let areNumbers = parsed.indices.allSatisfy { parsed[$0].isFinite || column.values.isEmpty($0) }
    numbers = areNumbers && distinct > 0 ? parsed : nil
    separator = areNumbers ? nil : Self.separator(column, counts)
  }

  /// Rows with a value.
  var present: Int { column.codes.count - missing }
  /// The values that are numbers, each once, with its rows.
  private var weighted: [(value: Double, count: Double)] {
    (numbers ?? []).indices.compactMap { code in
      (numbers?[code]).flatMap { $0.isNaN ? nil : ($0, Double(counts[code])) }
    }
  }

  var minimum: Double { weighted.map(\.value).min() ?? 0 }
  var maximum: Double { weighted.map(\.value).max() ?? 0 }
  var isWhole: Bool { numbers.map { $0.allSatisfy { $0.isNaN || $0 == $0.rounded() } } ?? false }

  /// The third standardized moment: far from 0 where a few values are far out.
  var skewness: Double {
    let values = weighted
    let count = values.reduce(0) { $0 + $1.count }
    guard count > 0 else { return 0 }
    let mean = values.reduce(0) { $0 + $1.value * $1.count } / count
    let square = values.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) * $1.count } / count
    guard square > 0 else { return 0 }
    let cube = values.reduce(0) {
      $0 + ($1.value - mean) * ($1.value - mean) * ($1.value - mean) * $1.count
    }
    return cube / count / (square * square.squareRoot())
  }

  /// Whether nearly every row has a value of its own.
  var isUnique: Bool { distinct > 50 && Double(distinct) > 0.9 * Double(present) }
  /// Rows of a value, on average.
  var rowsPerValue: Double { distinct > 0 ? Double(present) / Double(distinct) : 0 }

  /// Whether a value occurs often enough for an embedding of its own to be worth it is left to this
  /// count: half of the values are seen less often.
  var medianCount: Int {
    let sorted = column.values.indices.filter { !column.values.isEmpty($0) }.map { counts[$0] }
      .sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }

  /// A separator makes a list where its elements are fewer than the cells that it joins.
  private static func separator(_ column: Table.TextColumn, _ counts: [Int]) -> Character? {
    for separator in ["|", ";"] as [Character] {
      var (joined, present) = (0, 0)
      var elements: Set<Substring> = []
      let sample = column.values.prefix(20_000)
      for (code, text) in sample.enumerated() where !text.isEmpty {
        present += counts[code]
        guard text.contains(separator) else {
          elements.insert(text[...])
          continue
        }
        joined += counts[code]
        elements.formUnion(text.split(separator: separator))
      }
      if Double(joined) > 0.05 * Double(present), elements.count < sample.count { return separator }
    }
    return nil
  }
}
