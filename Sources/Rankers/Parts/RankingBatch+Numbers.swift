package import RankingData
package import Tensors

extension RankingBatch {
  /// The numeric columns, `[count, numericWidth]`; nil without any.
  package var numbers: Tensor? {
    numericWidth > 0 ? Tensor(numeric.map { Scalar($0) }, shape: [count, numericWidth]) : nil
  }

  /// Some numeric columns, `[count, columns]`.
  package func numbers(_ columns: Range<Int>) -> Tensor {
    if columns.count == numericWidth {
      return Tensor(numeric.map { Scalar($0) }, shape: [count, numericWidth])
    }
    return Tensor(shape: [count, columns.count]) { out in
      for row in 0..<count {
        for (place, column) in columns.enumerated() {
          out[row * columns.count + place] = Scalar(numeric[row * numericWidth + column])
        }
      }
    }
  }
}
