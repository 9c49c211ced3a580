import CKernels

/// What a long short-term memory makes of lists of events, step by step through all lists at once.
public struct LSTMStates {
  /// [events, hidden]: the state after each event, in packed order.
  public let hidden: Tensor
  /// [events, hidden]: what is remembered after each event, in packed order. Not traced.
  public let cell: Tensor
}

/// Runs a long short-term memory over lists of unequal length, as one operation whose gradient goes
/// back through time by hand: every product that does not wait for a state is made for all events at
/// once. O(events · hidden · (inputs + hidden)).
///
/// With two further gates behind the usual four it is the Time-LSTM of SLi-Rec (Yu et al., IJCAI 2019):
/// *keep* multiplies what is remembered, *write* what is added. No state enters these two.
///
/// - Parameters:
///   - inputs: the shares of the pre-activations, columns in the order input, forget, cell, output (as
///     PyTorch's), then keep and write.
///   - bias: [4 · hidden], or [6 · hidden] with keep and write.
///   - recurrentWeight: [4 · hidden, hidden]
///   - initial: hidden and cell states before each list's first event, [lists, hidden] each, in the
///     order of the lists; zeros where nil. They get no gradient.
public func lstmSequence(
  _ inputs: [GateInput], bias: Tensor, recurrentWeight: Tensor, lists: PackedLists,
  initial: (hidden: Tensor, cell: Tensor)? = nil
) -> LSTMStates {
  let width = recurrentWeight.shape[1]
  let isTimed = bias.count == 6 * width
  precondition(
    recurrentWeight.shape == [4 * width, width] && (isTimed || bias.count == 4 * width),
    "an LSTM's recurrent weight \(recurrentWeight.shape) and bias \(bias.shape)")
  let projected = GateInputs(inputs, bias: bias, events: lists.eventCount)
  let stride = projected.width
  let gates = projected.project()
  let hidden = TensorStorage(uninitialized: lists.eventCount * width)
  let cell = TensorStorage(uninitialized: lists.eventCount * width)
  let tanhCell = TensorStorage(uninitialized: lists.eventCount * width)
  let start = StartStates(initial?.hidden, width: width, lists)
  let startCell = StartStates(initial?.cell, width: width, lists)
  for step in 0..<lists.stepCount {
    let rows = lists.rows(ofStep: step)
    let first = rows.lowerBound
    let previous = step == 0 ? 0 : lists.steps[step - 1] * width
    if step > 0 || start.isGiven {
      Gemm.multiply(
        m: rows.count, n: 4 * width, k: width,
        a: step == 0 ? start.storage.pointer : hidden.pointer + previous, lda: width,
        b: recurrentWeight.storage.pointer, ldb: width, transposeB: true, beta: 1,
        c: gates.pointer + first * stride, ldc: stride)
    }
    vitrine_lstm_step(
      gates.pointer + first * stride, isTimed ? 1 : 0,
      step == 0 ? startCell.storage.pointer : cell.pointer + previous,
      cell.pointer + first * width, tanhCell.pointer + first * width,
      hidden.pointer + first * width, rows.count, width)
  }
  let shape: Shape = [lists.eventCount, width]
  let output = Tensor(shape: shape, storage: hidden)
  let traced = traced(output, parents: projected.parents + [recurrentWeight]) { gradient in
    let states = Tensor(copying: gradient)
    let cellGradient = TensorStorage(repeating: 0, count: lists.count * width)
    for step in (0..<lists.stepCount).reversed() {
      let rows = lists.rows(ofStep: step)
      let first = rows.lowerBound
      let previous = step == 0 ? 0 : lists.steps[step - 1] * width
      vitrine_lstm_step_gradient(
        gates.pointer + first * stride, isTimed ? 1 : 0,
        step == 0 ? startCell.storage.pointer : cell.pointer + previous,
        tanhCell.pointer + first * width, states.storage.pointer + first * width,
        cellGradient.pointer, rows.count, width)
      guard step > 0 else { continue }
      Gemm.multiply(
        m: rows.count, n: width, k: 4 * width, a: gates.pointer + first * stride, lda: stride,
        b: recurrentWeight.storage.pointer, ldb: width, beta: 1,
        c: states.storage.pointer + previous, ldc: width)
    }
    // From here on `gates` are gradients of the pre-activations.
    recurrentWeight.node.accumulate(
      recurrentGradient(
        of: recurrentWeight, gates: gates.pointer, stride: stride, hidden: hidden.pointer,
        initial: start.isGiven ? start.storage.pointer : nil, lists))
    projected.accumulate(gates.pointer)
  }
  return LSTMStates(hidden: traced, cell: Tensor(shape: shape, storage: cell))
}

/// States before the first events in packed order; zeros unless given.
struct StartStates {
  let isGiven: Bool
  let storage: TensorStorage

  init(_ states: Tensor?, width: Int, _ lists: PackedLists) {
    isGiven = states != nil
    guard let states else {
      storage = TensorStorage(repeating: 0, count: lists.count * width)
      return
    }
    precondition(
      states.shape == [lists.count, width],
      "states of shape \(states.shape) for \(lists.count) lists of width \(width)")
    storage = states.detached.gatherRows(lists.order).storage
  }
}

extension Tensor {
  /// The same elements in memory of their own.
  init(copying other: Tensor) {
    self.init(shape: other.shape, storage: TensorStorage(copying: other.storage))
  }
}
