import CKernels

/// One step of a long short-term memory (Hochreiter and Schmidhuber, 1997).
///
/// - Parameters:
///   - preactivations: [batch, 4 · hidden], the sum of the input and recurrent products and the
///     bias, gates in the order input, forget, cell, output (PyTorch's).
///   - cell: [batch, hidden]
/// - Returns: the new hidden and cell states, [batch, hidden] each.
public func lstmCell(preactivations: Tensor, cell: Tensor) -> (hidden: Tensor, cell: Tensor) {
  let (rows, width) = (cell.shape[0], cell.shape[1])
  precondition(
    preactivations.shape == [rows, 4 * width],
    "LSTM gates of shape \(preactivations.shape) for a cell of shape \(cell.shape)")
  var gates = preactivations.detached
  let newCell = TensorStorage(uninitialized: cell.count)
  let tanhCell = TensorStorage(uninitialized: cell.count)
  let hidden = TensorStorage(uninitialized: cell.count)
  gates.withUnsafeMutablePointer {
    vitrine_lstm_cell(
      $0, cell.storage.pointer, newCell.pointer, tanhCell.pointer, hidden.pointer, rows, width)
  }
  // Two outputs share one backward step: both gradients meet in a packed [2, batch, hidden].
  let packed = Tensor.unsafeUninitialized([2, rows, width]) { out in
    out.initialize(from: hidden.pointer, count: rows * width)
    (out + rows * width).initialize(from: newCell.pointer, count: rows * width)
  }
  let activated = gates
  let both = traced(packed, preactivations, cell) { gradient in
    let gatesGradient = TensorStorage(uninitialized: 4 * rows * width)
    let cellGradient = TensorStorage(uninitialized: rows * width)
    vitrine_lstm_cell_gradient(
      activated.storage.pointer, cell.storage.pointer, tanhCell.pointer, gradient.storage.pointer,
      gradient.storage.pointer + rows * width, gatesGradient.pointer, cellGradient.pointer, rows,
      width)
    preactivations.node.accumulate(Tensor(shape: preactivations.shape, storage: gatesGradient))
    cell.node.accumulate(Tensor(shape: cell.shape, storage: cellGradient))
  }
  if both.node == nil {
    let shape = cell.shape
    return (Tensor(shape: shape, storage: hidden), Tensor(shape: shape, storage: newCell))
  }
  return (
    both.slice(axis: 0, 0..<1).reshaped(cell.shape), both.slice(axis: 0, 1..<2).reshaped(cell.shape)
  )
}
