import CKernels
import RankingData
import Tensors

/// Vectors of candidates in blocks of a few, component after component, so that products with one
/// vector run along the candidates: component `k` of row `i` is
/// `numbers[(i / lanes · width + k) · lanes + i % lanes]`. The last block is filled up with zeros.
struct PackedRows: Sendable {
  static let lanes = Int(vitrine_packed_lanes)

  let count: Int
  let width: Int
  private(set) var numbers: [Scalar]

  /// Zeros.
  init(count: Int, width: Int) {
    self.count = count
    self.width = width
    numbers = [Scalar](repeating: 0, count: Self.padded(count) * width)
  }

  /// Rows as they are, rounded to `Scalar`.
  init(_ rows: [[Double]]) {
    self.init(count: rows.count, width: rows.first?.count ?? 0)
    for (i, row) in rows.enumerated() {
      precondition(row.count == width, "row \(i) has \(row.count) numbers instead of \(width)")
      for (k, value) in row.enumerated() { numbers[index(i, k)] = Scalar(value) }
    }
  }

  /// The number of rows with those that fill up the last block.
  static func padded(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }

  /// Puts rows of a table, minus `centre` and scaled to `length`, into the components from `first`
  /// on. Rows of -1 and vectors of zeros are left alone. Returns the squares of the lengths they
  /// had, which are not finite where a vector is not.
  mutating func set(
    _ table: VisualTable, _ rows: [Int32], centre: [Float]?, length: Double, first: Int
  ) -> [Double] {
    precondition(
      rows.count == count && rows.allSatisfy { $0 >= -1 && Int($0) < table.count }
        && first >= 0 && first + table.width <= width
        && centre.map { $0.count == table.width } ?? true)
    var squares = [Double](repeating: 0, count: count)
    if let centre {
      unsafe vitrine_pack_rows(
        table.vectors, table.width, rows, count, centre, length, &numbers, width, first, &squares)
    } else {
      unsafe vitrine_pack_rows(
        table.vectors, table.width, rows, count, nil, length, &numbers, width, first, &squares)
    }
    return squares
  }

  /// Component `k` of row `i`.
  subscript(i: Int, k: Int) -> Double { Double(numbers[index(i, k)]) }

  private func index(_ i: Int, _ k: Int) -> Int {
    (i / Self.lanes * width + k) * Self.lanes + i % Self.lanes
  }

  /// Copies a row to the head of `out`.
  func copy(_ row: Int, into out: inout [Scalar]) {
    let first = index(row, 0)
    for k in 0..<width { out[k] = numbers[first + k * Self.lanes] }
  }

  /// The product of two rows. O(width).
  func dot(_ a: Int, _ b: Int) -> Double {
    precondition(a >= 0 && a < count && b >= 0 && b < count)
    return unsafe vitrine_packed_product(numbers, a, b, width)
  }

  /// The product of every row with a vector; `out` has room for the padded count.
  func dots(_ vector: [Scalar], into out: inout [Double]) {
    let padded = Self.padded(count)
    precondition(vector.count >= width && out.count >= padded)
    unsafe vitrine_packed_dots(numbers, vector, &out, padded / Self.lanes, width)
  }
}
