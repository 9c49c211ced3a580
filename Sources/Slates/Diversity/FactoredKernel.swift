/// A positive semidefinite kernel over candidates, given by features instead of by its entries:
/// `constant + scale · x_i · x_j + equal · [same category]` between two candidates, and a diagonal
/// that is at least what this gives for a candidate and itself.
///
/// Every term is a Gram matrix and the rest of the diagonal is not negative, so no eigenvalue is.
package struct FactoredKernel: Sendable {
  let rows: PackedRows
  /// Of each candidate, 0 for none; padded with 0 as the rows are.
  let categories: [Int32]
  /// Numbers of categories, 0 included.
  let categoryCount: Int
  let constant: Double
  let scale: Double
  let equal: Double
  /// Padded with 1 as the rows are with zeros.
  let diagonal: [Double]

  /// Number of candidates.
  package var count: Int { rows.count }

  /// `(1 + s) / 2` of similarities as in `SlateSimilarity`, except that a part that a pair lacks
  /// counts as similarity 0 with its full weight: weights that change from pair to pair would give a
  /// matrix with negative eigenvalues. Its diagonal is 1; `jitter` is added to it.
  package init(_ similarity: SlateSimilarity, jitter: Double) {
    rows = similarity.rows
    categories = similarity.categories
    categoryCount = similarity.categoryCount
    // Rounded vectors may be a little longer than 1; so scaled, their products never are, and the
    // same diagonal serves all.
    (constant, scale, equal) = (0.5, 0.5 - 0x1p-23, similarity.weights.category / 2)
    diagonal = [Double](repeating: 1 + jitter, count: PackedRows.padded(rows.count))
  }

  /// The products of rows, for a kernel of one's own. Rows are rounded to `Scalar`.
  package init(features: [[Double]]) {
    rows = PackedRows(features)
    let padded = PackedRows.padded(rows.count)
    categories = [Int32](repeating: 0, count: padded)
    categoryCount = 1
    (constant, scale, equal) = (0, 1, 0)
    diagonal =
      (0..<rows.count).map { [rows] i in rows.dot(i, i) }
      + [Double](repeating: 1, count: padded - rows.count)
  }

  /// One entry. O(width).
  package subscript(a: Int, b: Int) -> Double {
    if a == b { return diagonal[a] }
    let same = categories[a] > 0 && categories[a] == categories[b]
    return constant + scale * rows.dot(a, b) + (same ? equal : 0)
  }

  /// Features of a candidate: its row, then a 1 for its category.
  var featureCount: Int { rows.width + categoryCount }

  /// Writes the features f of a candidate, and to `product` the vector g by which the entry of
  /// another candidate with features f' is f' · g.
  func write(
    _ candidate: Int, features: inout [Double], product: inout [Double]
  ) {
    let (width, category) = (rows.width, Int(categories[candidate]))
    for k in 0..<width {
      features[k] = rows[candidate, k]
      product[k] = scale * features[k]
    }
    for c in 0..<categoryCount {
      features[width + c] = 0
      product[width + c] = constant
    }
    features[width + category] = 1
    if category > 0 { product[width + category] += equal }
  }
}
