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
    self.init(
      summing: [RowContributions(rows: rows, values: contributions)],
      width: contributions.count / max(rows.count, 1))
  }

  /// The same for contributions of several lookups, one after another.
  package init(summing parts: [RowContributions], width: Int) {
    let count = parts.reduce(0) { $0 + $1.rows.count }
    // At most half full, so that few rows meet on their way to a slot.
    let mask = 1 << (Int.bitWidth - (2 * max(count, 8) - 1).leadingZeroBitCount) - 1
    var slots = [vitrine_numbered_row](repeating: .max, count: mask + 1)
    var known = 0
    var numbers: [[Int32]] = []
    let distinct = [Int32](unsafeUninitializedCapacity: count) { distinct, initialized in
      for part in parts {
        numbers.append(
          [Int32](unsafeUninitializedCapacity: part.rows.count) { numbers, initialized in
            initialized = part.rows.count
            guard initialized > 0 else { return }
            known = vitrine_number_rows(
              part.rows, initialized, &slots, mask, numbers.baseAddress, distinct.baseAddress,
              known)
          })
      }
      initialized = known
    }
    var sums = Tensor(zeros: [known, width])
    // Ranges of rows, each with all that is added to them in the order given.
    let pieces = 4
    sums.withUnsafeMutablePointer { out in
      overCores(pieces, elements: count * width) { piece in
        let (first, last) = (known * piece / pieces, known * (piece + 1) / pieces)
        for (part, numbers) in zip(parts, numbers) {
          vitrine_add_numbered(
            out, numbers, Int32(first), Int32(last), part.values.storage.pointer, numbers.count,
            width)
        }
      }
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

/// What one lookup adds to the gradient of a table: `values[i]` to row `rows[i]`.
package struct RowContributions: Sendable {
  let rows: [Int32]
  /// One gradient a row.
  var values: Tensor

  init(rows: [Int32], values: Tensor) {
    precondition(
      rows.isEmpty ? values.count == 0 : values.count % rows.count == 0,
      "\(rows.count) rows for contributions \(values.shape)")
    self.rows = rows
    self.values = values
  }

  /// Every gradient times a number.
  package func scaled(by factor: Scalar) -> RowContributions {
    factor == 1 ? self : RowContributions(rows: rows, values: values * factor)
  }
}
