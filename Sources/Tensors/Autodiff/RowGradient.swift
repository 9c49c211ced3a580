import CKernels

/// The gradient of some rows of a table: row `rows[i]` has gradient `values[i]`.
public struct RowGradient: Sendable {
  /// Distinct row numbers, in the order they were first met.
  public let rows: [Int32]
  /// One gradient a row: [rows.count, width].
  public internal(set) var values: Tensor

  package init(rows: [Int32], values: Tensor) {
    precondition(
      rows.count == values.shape[0], "\(rows.count) rows for gradients \(values.shape)")
    self.rows = rows
    self.values = values
  }

  /// Adds up the contributions of equal rows, in the order given, so that the result does not
  /// depend on anything but the input. Negative rows (a missing id) are dropped. O(n · width).
  package init(summing rows: [Int32], _ contributions: Tensor) {
    var slot: [Int32: Int32] = [:]
    slot.reserveCapacity(rows.count)
    var distinct: [Int32] = []
    var targets = [Int32](repeating: -1, count: rows.count)
    for (index, row) in rows.enumerated() where row >= 0 {
      if let known = slot[row] {
        targets[index] = known
      } else {
        let fresh = Int32(distinct.count)
        slot[row] = fresh
        targets[index] = fresh
        distinct.append(row)
      }
    }
    let width = contributions.count / max(rows.count, 1)
    precondition(
      contributions.count == rows.count * width,
      "\(rows.count) rows for contributions \(contributions.shape)")
    var sums = Tensor(zeros: [distinct.count, width])
    sums.withUnsafeMutablePointer { out in
      vitrine_scatter_add(out, targets, contributions.storage.pointer, rows.count, width)
    }
    self.init(rows: distinct, values: sums)
  }

  /// The gradient as a full table, which must have these rows and this width.
  public func dense(shape: Shape) -> Tensor {
    var table = Tensor(zeros: shape)
    add(to: &table)
    return table
  }

  /// Adds to a full table, which must have these rows and this width.
  func add(to table: inout Tensor) {
    let width = checkedWidth(in: table.shape)
    table.withUnsafeMutablePointer { out in
      vitrine_scatter_add(out, rows, values.storage.pointer, rows.count, width)
    }
  }

  /// The elements of one row of a table of this shape. Stops where a row or the width does not fit
  /// the table, because the kernels look at neither. O(rows).
  func checkedWidth(in table: Shape) -> Int {
    precondition(table.rank > 0, "row gradients of a scalar")
    let width = table.count(of: 1..<table.rank)
    precondition(
      values.count == rows.count * width,
      "row gradients \(values.shape) for \(rows.count) rows of a table \(table)")
    precondition(
      rows.allSatisfy { $0 >= 0 && Int($0) < table[0] },
      "a row gradient outside the \(table[0]) rows of a table \(table)")
    return width
  }
}
