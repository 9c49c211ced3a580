package import RankingData
package import Tensors

extension RankingBatch {
  /// The numeric columns, `[count, numericWidth]`; nil without any.
  package var numbers: Tensor? {
    numericWidth > 0 ? Tensor(numeric.map { Scalar($0) }, shape: [count, numericWidth]) : nil
  }
}
