/// Rows of a linear model: a few columns that every row has, and many of which a row has some.
///
/// Columns are numbered through: the dense ones first.
package struct LinearRows: Sendable {
  package let denseWidth: Int
  /// All columns.
  package let width: Int
  /// `[count, denseWidth]`.
  package var dense: [Float] = []
  /// Sparse entries of a row: `offsets[row] ..< offsets[row + 1]`.
  private var offsets = [0]
  private var columns: [Int32] = []
  private var values: [Float] = []

  package init(denseWidth: Int, sparseWidth: Int) {
    self.denseWidth = denseWidth
    width = denseWidth + sparseWidth
  }

  package var count: Int { offsets.count - 1 }

  /// Adds a row, its sparse columns counted from 0. A column may come twice, as an id does in a list.
  package mutating func append(
    dense row: some Collection<Float>, sparse: [(column: Int32, value: Float)]
  ) {
    precondition(row.count == denseWidth, "\(row.count) numbers for \(denseWidth) columns")
    dense += row
    let start = columns.count
    for entry in sparse.sorted(by: { $0.column < $1.column }) {
      let column = Int32(denseWidth) + entry.column
      if columns.count > start, columns[columns.count - 1] == column {
        values[values.count - 1] += entry.value
      } else {
        columns.append(column)
        values.append(entry.value)
      }
    }
    offsets.append(columns.count)
  }

  /// O(entries).
  package func dot(_ row: Int, _ weights: [Double]) -> Double {
    var sum = 0.0
    let start = row * denseWidth
    for column in 0..<denseWidth { sum += Double(dense[start + column]) * weights[column] }
    for entry in offsets[row]..<offsets[row + 1] {
      sum += Double(values[entry]) * weights[Int(columns[entry])]
    }
    return sum
  }

  /// O(entries).
  package func squaredLength(_ row: Int) -> Double {
    var sum = 0.0
    for value in dense[row * denseWidth..<(row + 1) * denseWidth] {
      sum += Double(value) * Double(value)
    }
    for value in values[offsets[row]..<offsets[row + 1]] { sum += Double(value) * Double(value) }
    return sum
  }

  /// `weights += factor · row`. O(entries).
  package func add(_ factor: Double, _ row: Int, to weights: inout [Double]) {
    let start = row * denseWidth
    for column in 0..<denseWidth { weights[column] += factor * Double(dense[start + column]) }
    for entry in offsets[row]..<offsets[row + 1] {
      weights[Int(columns[entry])] += factor * Double(values[entry])
    }
  }

  /// The scores of all rows. O(all entries).
  package func scores(_ weights: [Double]) -> [Double] { (0..<count).map { dot($0, weights) } }

  /// `Σ factor · row`. O(all entries).
  package func combination(_ factors: [Double]) -> [Double] {
    var sum = [Double](repeating: 0, count: width)
    for (row, factor) in factors.enumerated() where factor != 0 { add(factor, row, to: &sum) }
    return sum
  }
}
