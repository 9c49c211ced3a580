import CKernels

/// Compares stored rows with queries and keeps the best rows of each.
struct RowScorer {
  private let format: RowFormat
  private let queries: [Float]
  private(set) var best: [TopRows]
  private var dots: [Float] = []
  private var squares: [Float] = []
  private var scratch: [Float]

  /// - Parameter queries: unit vectors, row-major `[count, width]`.
  init(_ format: RowFormat, queries: [Float], limit: Int) {
    self.format = format
    self.queries = queries
    best = Array(repeating: TopRows(limit: limit), count: queries.count / format.width)
    scratch = [Float](repeating: 0, count: format.width)
  }

  /// Takes in the rows whose scores are good enough.
  ///
  /// - Parameters:
  ///   - bytes: `count` rows as they are stored.
  ///   - key: the key of the row at a position; nil for one that is no answer. Few are asked for.
  mutating func score(
    _ bytes: UnsafeRawBufferPointer, count: Int,
    key: (Int) throws(FeatureCacheError) -> FeatureKey?
  ) throws(FeatureCacheError) {
    if squares.count < count {
      squares = [Float](repeating: 0, count: count)
      dots = [Float](repeating: 0, count: count * best.count)
    }
    vitrine_compare_rows(
      bytes.baseAddress, format.type == .float16 ? 1 : 0, count, format.width, queries,
      best.count, &dots, &squares, &scratch)
    for position in 0..<count {
      let square = squares[position]
      let isOrdinary = square > 1e-30 && square < 1e30
      for query in best.indices {
        let score =
          isOrdinary
          ? dots[position * best.count + query] / square.squareRoot()
          : exactScore(position, query, bytes)
        guard score >= best[query].threshold, let key = try key(position) else { continue }
        best[query].add(TopRows.Entry(key: key, score: max(-1, min(1, score))))
      }
    }
  }

  /// For rows whose squares leave the range of a float.
  private func exactScore(
    _ position: Int, _ query: Int, _ bytes: UnsafeRawBufferPointer
  ) -> Float {
    let width = format.width
    let start = position * format.byteCount
    let row = [Float](unsafeUninitializedCapacity: width) { row, count in
      let stored = UnsafeRawBufferPointer(rebasing: bytes[start..<start + format.byteCount])
      if let base = row.baseAddress { format.decode(stored, to: base) }
      count = width
    }
    var (dot, square) = (0.0, 0.0)
    for (left, right) in zip(row, queries[query * width..<(query + 1) * width]) {
      dot += Double(left) * Double(right)
      square += Double(left) * Double(left)
    }
    return square > 0 ? Float(dot / square.squareRoot()) : 0
  }
}
