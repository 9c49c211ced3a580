/// What a column of a table holds.
package struct ColumnSummary: Sendable, Hashable, Codable {
  /// A value and how often it occurs.
  package struct Value: Sendable, Hashable, Codable {
    /// The text.
    package var value: String
    /// Rows that have it.
    package var count: Int
  }

  /// Column name.
  package var name: String
  /// Whether it is kept as text, as numbers, or both.
  package var kinds: [ColumnKind]
  /// Rows without a value.
  package var missing: Int
  /// Distinct texts, the missing one not among them; `nil` where it is kept as numbers alone.
  package var distinct: Int?
  /// Least number.
  package var minimum: Double?
  /// Largest number.
  package var maximum: Double?
  /// Mean of the numbers.
  package var mean: Double?
  /// The most frequent texts.
  package var top: [Value]
}

extension Table {
  /// What each column holds. O(rows × columns + distinct texts).
  /// - Parameter top: how many frequent texts to name.
  package func summaries(top: Int = 5) -> [ColumnSummary] {
    columns.map { $0.summary(top: top) }
  }
}

extension StoredColumn {
  func summary(top: Int) -> ColumnSummary {
    var summary = ColumnSummary(name: name, kinds: [], missing: 0, top: [])
    if let numbers {
      summary.kinds.append(.number)
      var (count, sum) = (0, 0.0)
      var (low, high) = (Double.infinity, -Double.infinity)
      for value in numbers where !value.isNaN {
        count += 1
        sum += value
        low = min(low, value)
        high = max(high, value)
      }
      summary.missing = numbers.count - count
      if count > 0 {
        (summary.minimum, summary.maximum, summary.mean) = (low, high, sum / Double(count))
      }
    }
    if let text {
      summary.kinds.append(.text)
      let counts = text.counts
      let missing = text.values.missing.map { counts[Int($0)] } ?? 0
      summary.missing = missing
      summary.distinct = text.values.count - (text.values.missing == nil ? 0 : 1)
      summary.top = text.mostFrequent(top, counts).map {
        ColumnSummary.Value(value: text.values[$0], count: counts[$0])
      }
    }
    return summary
  }
}

extension Table.TextColumn {
  /// Rows of each code.
  var counts: [Int] {
    var counts = [Int](repeating: 0, count: values.count)
    for code in codes { counts[Int(code)] += 1 }
    return counts
  }

  /// The most frequent codes that are not missing; of equals the one that came first.
  func mostFrequent(_ limit: Int, _ counts: [Int]) -> [Int] {
    var best: [Int] = []
    for code in values.indices where !values.isEmpty(code) {
      if best.count == limit, let last = best.last, counts[last] >= counts[code] { continue }
      let place = best.firstIndex { counts[$0] < counts[code] } ?? best.count
      best.insert(code, at: place)
      if best.count > limit { best.removeLast() }
    }
    return best
  }
}
