import CKernels

/// Normalises the last axis to mean 0 and variance 1, then scales and shifts it (Ba et al., 2016,
/// arXiv 1607.06450). `gain` and `bias` have the extent of that axis.
public func layerNormalize(
  _ x: Tensor, gain: Tensor, bias: Tensor, epsilon: Scalar = 1e-5
) -> Tensor {
  let (rows, columns) = x.rowsAndColumns
  let scales = TensorStorage(uninitialized: rows)
  let normalized = Tensor.unsafeUninitialized(x.shape) { out in
    vitrine_normalize_rows(x.storage.pointer, out, scales.pointer, rows, columns, epsilon)
  }
  let output = traced(normalized, x) { gradient in
    x.node.accumulate(
      Tensor.unsafeUninitialized(x.shape) { out in
        vitrine_normalize_rows_gradient(
          normalized.storage.pointer, scales.pointer, gradient.storage.pointer, out, rows, columns)
      })
  }
  return output * gain + bias
}
