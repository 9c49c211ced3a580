import Tensors

/// The mean log loss of the rows that say something: labels in 0 ... 1, NaN where a row says nothing
/// and has no part in loss or gradient. 0 where no row says anything.
///
/// - Parameter weights: by row; the mean divides by the number of rows, as `LogisticLoss` does.
func observedLogLoss(_ logits: Tensor, _ labels: [Float], weights: [Float]) -> Tensor {
  let observed = labels.count { !$0.isNaN }
  guard observed > 0 else { return Tensor(scalar: 0) }
  let mean = sigmoidCrossEntropy(
    logits: logits, labels: labels.map { $0.isNaN ? 0 : Scalar($0) },
    weights: zip(labels, weights).map { $0.isNaN ? 0 : Scalar($1) })
  return mean * (Scalar(labels.count) / Scalar(observed))
}
