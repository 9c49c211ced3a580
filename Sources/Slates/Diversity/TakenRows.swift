import Tensors

/// The rows of what was taken of a list, one after the other, to say what each resembles.
struct TakenRows {
  private let similarity: SlateSimilarity
  private var taken: [Int] = []
  /// [taken, width], row-major.
  private var rows: [Scalar] = []
  private var row: [Scalar]

  init(_ similarity: SlateSimilarity, top: Int) {
    self.similarity = similarity
    row = [Scalar](repeating: 0, count: similarity.rows.width)
    let room = min(max(top, 0), similarity.count)
    taken.reserveCapacity(room)
    rows.reserveCapacity(room * row.count)
  }

  mutating func append(_ candidate: Int) {
    similarity.rows.copy(candidate, into: &row)
    rows += row
    taken.append(candidate)
  }

  /// The one before it that a candidate resembles most, the first of equals; nil for the first.
  /// O(taken · width).
  func nearest(_ candidate: Int) -> (candidate: Int, similarity: Double)? {
    guard let place = taken.lastIndex(of: candidate), place > 0 else { return nil }
    var products = [Scalar](repeating: 0, count: place + 1)
    Kernels.rowDots(rows, row: place, into: &products, count: place + 1, width: row.count)
    var nearest: (candidate: Int, similarity: Double)?
    for (other, product) in zip(taken, products.prefix(place)) {
      let value = similarity.similarity(candidate, other, product: Double(product))
      if value > nearest?.similarity ?? -.infinity { nearest = (other, value) }
    }
    return nearest
  }
}
