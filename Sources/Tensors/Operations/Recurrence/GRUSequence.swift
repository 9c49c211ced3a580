import CKernels

/// Runs a gated recurrent unit over lists of unequal length, as one operation whose gradient goes back
/// through time by hand. Returns the state after each event, [events, hidden], in packed order.
/// O(events · hidden · (inputs + hidden)).
///
/// The convention is PyTorch's: reset acts behind the recurrent product and its bias,
/// `candidate = tanh(W x + b + r * (U h + c))`, and `h' = (1 - u) * candidate + u * h`. Weights of the
/// TensorFlow 1 cell, which resets h before the product, mean something else.
///
/// - Parameters:
///   - inputs: the shares of the pre-activations, columns in the order reset, update, candidate.
///   - bias: [3 · hidden]
///   - recurrentWeight: [3 · hidden, hidden]
///   - candidateBias: [hidden], c; the recurrent biases of the gates would only add to `bias`.
///   - initial: states before each list's first event, [lists, hidden], in the order of the lists;
///     zeros where nil. They get no gradient.
public func gruSequence(
  _ inputs: [GateInput], bias: Tensor, recurrentWeight: Tensor, candidateBias: Tensor,
  lists: PackedLists, initial: Tensor? = nil
) -> Tensor {
  let width = recurrentWeight.shape[1]
  let stride = 3 * width
  precondition(
    recurrentWeight.shape == [stride, width] && bias.count == stride
      && candidateBias.count == width,
    "a GRU's recurrent weight \(recurrentWeight.shape) and biases \(bias.shape), "
      + "\(candidateBias.shape)")
  let projected = GateInputs(inputs, bias: bias, events: lists.eventCount)
  let gates = projected.project()
  let hidden = TensorStorage(uninitialized: lists.eventCount * width)
  let recalled = TensorStorage(uninitialized: lists.eventCount * width)
  let start = StartStates(initial, width: width, lists)
  // The old states' share of one step, whose gradients are kept for all.
  let share = TensorStorage(repeating: 0, count: lists.count * stride)
  for step in 0..<lists.stepCount {
    let rows = lists.rows(ofStep: step)
    let first = rows.lowerBound
    let old =
      step == 0 ? start.storage.pointer : hidden.pointer + lists.steps[step - 1] * width
    if step > 0 || start.isGiven {
      Gemm.multiply(
        m: rows.count, n: stride, k: width, a: old, lda: width,
        b: recurrentWeight.storage.pointer, ldb: width, transposeB: true, c: share.pointer,
        ldc: stride)
    }
    vitrine_gru_step(
      gates.pointer + first * stride, share.pointer, candidateBias.storage.pointer, old,
      recalled.pointer + first * width, hidden.pointer + first * width, rows.count, width)
  }
  let output = Tensor(shape: [lists.eventCount, width], storage: hidden)
  return traced(output, parents: projected.parents + [recurrentWeight, candidateBias]) { gradient in
    let states = Tensor(copying: gradient)
    let shares = TensorStorage(uninitialized: lists.eventCount * stride)
    let beforeFirst = TensorStorage(repeating: 0, count: lists.count * width)
    for step in (0..<lists.stepCount).reversed() {
      let rows = lists.rows(ofStep: step)
      let first = rows.lowerBound
      let previous = step == 0 ? 0 : lists.steps[step - 1] * width
      let below = step == 0 ? beforeFirst.pointer : states.storage.pointer + previous
      vitrine_gru_step_gradient(
        gates.pointer + first * stride, recalled.pointer + first * width,
        step == 0 ? start.storage.pointer : hidden.pointer + previous,
        states.storage.pointer + first * width, shares.pointer + first * stride, below, rows.count,
        width)
      guard step > 0 else { continue }
      Gemm.multiply(
        m: rows.count, n: width, k: stride, a: shares.pointer + first * stride, lda: stride,
        b: recurrentWeight.storage.pointer, ldb: width, beta: 1, c: below, ldc: width)
    }
    recurrentWeight.node.accumulate(
      recurrentGradient(
        of: recurrentWeight, gates: shares.pointer, stride: stride, hidden: hidden.pointer,
        initial: start.isGiven ? start.storage.pointer : nil, lists))
    var offsets = Tensor(zeros: [stride])
    offsets.withUnsafeMutablePointer {
      vitrine_sum_rows(shares.pointer, $0, lists.eventCount, stride)
    }
    candidateBias.node.accumulate(
      offsets.slice(axis: 0, 2 * width..<stride).reshaped(candidateBias.shape))
    projected.accumulate(gates.pointer)
  }
}
