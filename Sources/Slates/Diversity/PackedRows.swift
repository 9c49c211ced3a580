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
  func copy(_ row: Int, into out: inout [Double]) {
    for k in 0..<width { out[k] = self[row, k] }
  }

  /// The product of two rows. O(width).
  func dot(_ a: Int, _ b: Int) -> Double {
    var sum = 0.0
    for k in 0..<width { sum += self[a, k] * self[b, k] }
    return sum
  }

  /// The products of the rows with themselves. O(count · width).
  func squaredLengths() -> [Double] {
    var squares = [Double](repeating: 0, count: Self.padded(count))
    unsafe vitrine_packed_squares(numbers, &squares, squares.count / Self.lanes, width)
    return Array(squares.prefix(count))
  }

  /// The product of every row with the vector that starts at `offset` of `vectors`, in double
  /// precision; `out` has room for the padded count.
  func dots(_ vectors: [Double], at offset: Int = 0, into out: inout [Double]) {
    let padded = Self.padded(count)
    precondition(offset >= 0 && vectors.count >= offset + width && out.count >= padded)
    guard width > 0 else {
      for i in 0..<padded { out[i] = 0 }
      return
    }
    unsafe vectors.withUnsafeBufferPointer { vectors in
      guard let base = vectors.baseAddress else { return }
      unsafe vitrine_packed_dots(numbers, base + offset, &out, padded / Self.lanes, width)
    }
  }
}
