import CKernels

/// Softmax over the last axis. Elements whose `mask` is false get exactly 0, as does every element
/// of a row that is masked out entirely. A row with a NaN, or of nothing but -infinity, gives NaN.
public func softmax(_ x: Tensor, mask: [Bool]? = nil) -> Tensor {
  let (rows, columns) = x.rowsAndColumns
  let bytes = checkedMask(mask, for: x)
  let output = Tensor.unsafeUninitialized(x.shape) { out in
    withMask(bytes) { vitrine_softmax(x.storage.pointer, $0, out, rows, columns) }
  }
  return traced(output, x) { gradient in
    x.node.accumulate(
      Tensor.unsafeUninitialized(x.shape) { out in
        vitrine_softmax_gradient(
          output.storage.pointer, gradient.storage.pointer, out, rows, columns)
      })
  }
}

/// Logarithm of the softmax over the last axis; masked elements are -infinity and receive no
/// gradient. NaN arises as in `softmax`.
public func logSoftmax(_ x: Tensor, mask: [Bool]? = nil) -> Tensor {
  let (rows, columns) = x.rowsAndColumns
  let bytes = checkedMask(mask, for: x)
  let output = Tensor.unsafeUninitialized(x.shape) { out in
    withMask(bytes) { vitrine_log_softmax(x.storage.pointer, $0, out, rows, columns) }
  }
  return traced(output, x) { gradient in
    x.node.accumulate(
      Tensor.unsafeUninitialized(x.shape) { out in
        withMask(bytes) {
          vitrine_log_softmax_gradient(
            output.storage.pointer, $0, gradient.storage.pointer, out, rows, columns)
        }
      })
  }
}

/// One byte an element, as the kernels read it.
func checkedMask(_ mask: [Bool]?, for x: Tensor) -> [UInt8]? {
  mask.map { mask in
    precondition(mask.count == x.count, "a mask of \(mask.count) for shape \(x.shape)")
    return mask.map { $0 ? 1 : 0 }
  }
}

func withMask(_ mask: [UInt8]?, _ body: (UnsafePointer<UInt8>?) -> Void) {
  if let mask {
    mask.withUnsafeBufferPointer { body($0.baseAddress) }
  } else {
    body(nil)
  }
}

extension Tensor {
  /// The extents as a matrix whose rows are the last axis.
  var rowsAndColumns: (rows: Int, columns: Int) {
    let columns = shape.rank == 0 ? 1 : shape[-1]
    return (columns == 0 ? 0 : count / columns, columns)
  }
}
