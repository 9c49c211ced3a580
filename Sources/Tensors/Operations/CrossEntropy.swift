import CKernels

/// Mean over rows of `softplus(logit) - label * logit`, each row times its weight.
///
/// Logits and labels have equal count; labels lie in 0 ... 1. The mean divides by the number of
/// rows, not by the sum of the weights.
public func sigmoidCrossEntropy(
  logits: Tensor, labels: [Scalar], weights: [Scalar]? = nil
) -> Tensor {
  let rows = logits.reshaped([logits.count])
  precondition(labels.count == rows.count, "\(labels.count) labels for \(rows.count) logits")
  let losses = rows.softplus() - rows * Tensor(labels)
  return (weights.map { losses * Tensor($0) } ?? losses).mean()
}

/// `-Σ targets · log softmax(logits)` of each row: shape [rows].
///
/// `targets` [rows, columns] are constant weights, usually summing to 1 or, for a row without
/// supervision, to 0. Masked elements have probability 0 and must have target 0.
public func softmaxCrossEntropy(
  logits: Tensor, targets: [Scalar], mask: [Bool]? = nil
) -> Tensor {
  precondition(targets.count == logits.count, "\(targets.count) targets for \(logits.shape)")
  let (rows, columns) = logits.rowsAndColumns
  let bytes = checkedMask(mask, for: logits)
  let logProbabilities = logSoftmax(logits.detached, mask: mask)
  var losses = [Scalar](repeating: 0, count: rows)
  var masses = [Scalar](repeating: 0, count: rows)
  for row in 0..<rows {
    for index in row * columns..<(row + 1) * columns where targets[index] != 0 {
      precondition(bytes.map { $0[index] == 1 } ?? true, "element \(index) is a masked target")
      losses[row] -= targets[index] * logProbabilities.storage.pointer[index]
      masses[row] += targets[index]
    }
  }
  return traced(Tensor(losses), logits) { gradient in
    let probabilities = softmax(logits.detached, mask: mask)
    logits.node.accumulate(
      Tensor.unsafeUninitialized(logits.shape) { out in
        for row in 0..<rows {
          let scale = gradient.storage.pointer[row]
          for index in row * columns..<(row + 1) * columns {
            let p = probabilities.storage.pointer[index]
            out[index] = scale * (masses[row] * p - targets[index])
          }
        }
      })
  }
}
