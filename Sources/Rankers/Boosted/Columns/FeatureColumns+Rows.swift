import RankingData

extension FeatureColumns {
  /// The numbers of a batch, `[count, width]`, row-major; NaN where something is missing.
  func rows(of batch: RankingBatch, _ images: ImageColumns?) -> [Float] {
    var rows = [Float](repeating: .nan, count: batch.count * width)
    for row in 0..<batch.count {
      var at = row * width
      fill(&rows, &at, numbersOf: batch, row)
      for (field, vocabulary) in fields {
        let value = batch.categorical[field][row]
        if value > 0, value < vocabulary { rows[at] = Float(value) }
        at += 1
      }
      for list in lists { fill(&rows, &at, list, batch.bags[list.bag][row]) }
    }
    if imageWidth > 0, let images { images.fill(&rows, self, batch) }
    return rows
  }

  private func fill(
    _ rows: inout [Float], _ at: inout Int, numbersOf batch: RankingBatch, _ row: Int
  ) {
    let first = row * batch.numericWidth
    for number in numbers {
      let isMissing = number.indicator.map { batch.numeric[first + $0] != 0 } ?? false
      let value = batch.numeric[first + number.column]
      // XGBoost takes no infinities.
      if !isMissing, value.isFinite { rows[at] = value }
      at += 1
    }
  }

  private func fill(_ rows: inout [Float], _ at: inout Int, _ list: List, _ ids: ArraySlice<Int32>)
  {
    rows[at] = Float(ids.count)
    if list.isCounted {
      for row in 1..<max(list.rows, 1) { rows[at + row] = 0 }
      for id in ids where id > 0 && id < list.rows { rows[at + Int(id)] += 1 }
    }
    at += max(list.width, 1)
  }
}
