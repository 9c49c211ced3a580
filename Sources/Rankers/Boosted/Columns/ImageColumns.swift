import RankingData

/// Image vectors as columns, and how like the history's the candidate's image is.
///
/// Vectors of one encoder all lie close to their mean, so that plain cosines are all close to one;
/// the mean is therefore taken off first. It is learnt from the table of the training and kept with
/// the trees.
struct ImageColumns: Sendable {
  let table: VisualTable
  /// The mean vector of the training's table.
  var centre: [Float]

  /// Writes the last columns of every row.
  func fill(_ rows: inout [Float], _ columns: FeatureColumns, _ batch: RankingBatch) {
    let width = columns.imageWidth
    let first = columns.width - width - (columns.readsHistory ? 1 : 0)
    // Candidates of one request share a history, so the mean is kept from row to row.
    var history: ArraySlice<Int32> = []
    var taste: [Float]?
    for row in 0..<batch.count {
      guard row < batch.visualRows.count, let vector = vector(batch.visualRows[row]) else {
        continue
      }
      let at = row * columns.width + first
      for (column, value) in vector.enumerated() where value.isFinite { rows[at + column] = value }
      guard columns.readsHistory, row < batch.visualHistory.count else { continue }
      let images = batch.visualHistory[row]
      if row == 0 || taste == nil || !images.elementsEqual(history) {
        (history, taste) = (images, mean(of: images))
      }
      if let taste { rows[at + width] = cosine(vector, taste) }
    }
  }

  private func vector(_ row: Int32) -> ArraySlice<Float>? {
    row >= 0 && row < table.count ? table.vector(row) : nil
  }

  /// The mean of centred vectors; nil without any.
  private func mean(of images: ArraySlice<Int32>) -> [Float]? {
    var sum = [Float](repeating: 0, count: table.width)
    var found: Float = 0
    for image in images.sorted() {
      guard let vector = vector(image) else { continue }
      for (column, value) in vector.enumerated() { sum[column] += value - centre[column] }
      found += 1
    }
    return found > 0 ? sum.map { $0 / found } : nil
  }

  /// 0 where one of them has no direction.
  private func cosine(_ vector: ArraySlice<Float>, _ taste: [Float]) -> Float {
    var (dot, own, other) = (Float(0), Float(0), Float(0))
    for (column, value) in vector.enumerated() {
      let centred = value - centre[column]
      dot += centred * taste[column]
      own += centred * centred
      other += taste[column] * taste[column]
    }
    let norm = (own * other).squareRoot()
    return norm > 0 && norm.isFinite ? dot / norm : 0
  }
}
