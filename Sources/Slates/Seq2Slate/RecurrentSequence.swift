import CKernels
package import Tensors

/// Runs an LSTM from a zero state over all steps of a batch, as one differentiable operation.
///
/// One operation rather than one a step: the tape stays short, and the gradient of the recurrent
/// weight is a single product over all steps.
/// - Parameters:
///   - projected: [steps · batch, 4 · hidden], the input's share of the gates, time-major.
///   - recurrent: [4 · hidden, hidden]
/// - Returns: [2 · steps · batch, hidden]: the hidden states of all steps, then the cell states.
package func lstmSequence(projected: Tensor, recurrent: Tensor, batch: Int) -> Tensor {
  let width = recurrent.shape[1]
  let rows = projected.shape[0]
  let steps = batch == 0 ? 0 : rows / batch
  precondition(
    projected.shape == [steps * batch, 4 * width] && recurrent.shape[0] == 4 * width,
    "gates \(projected.shape) and recurrent weight \(recurrent.shape) for a batch of \(batch)")
  let sequence = LSTMSequence(
    steps: steps, batch: batch, width: width, recurrent: recurrent.detached)
  var gates = projected.detached
  var tanhCells = Tensor(zeros: [rows, width])
  var states = Tensor(zeros: [2 * rows, width])
  sequence.run(gates: &gates, tanhCells: &tanhCells, states: &states)
  let kept = (gates: gates, tanhCells: tanhCells, states: states)
  return traced(states, projected, recurrent) { gradient in
    let found = sequence.gradients(
      gates: kept.gates, tanhCells: kept.tanhCells, states: kept.states, of: gradient)
    projected.node.accumulate(found.projected)
    recurrent.node.accumulate(found.recurrent)
  }
}

/// The loops of `lstmSequence`.
private struct LSTMSequence {
  let steps: Int
  let batch: Int
  let width: Int
  let recurrent: Tensor

  /// Elements of one step's states.
  private var block: Int { batch * width }
  /// Where the cell states start.
  private var cells: Int { steps * block }

  func run(gates: inout Tensor, tanhCells: inout Tensor, states: inout Tensor) {
    let initial = [Scalar](repeating: 0, count: block)
    unsafe gates.withUnsafeMutablePointer { gates in
      unsafe tanhCells.withUnsafeMutablePointer { tanhCells in
        unsafe states.withUnsafeMutablePointer { states in
          unsafe recurrent.withUnsafePointer { recurrent in
            for t in 0..<steps {
              let gate = unsafe gates + 4 * t * block
              if t > 0 {
                unsafe Gemm.multiply(
                  m: batch, n: 4 * width, k: width, a: states + (t - 1) * block, lda: width,
                  b: recurrent, ldb: width, transposeB: true, beta: 1, c: gate, ldc: 4 * width)
              }
              unsafe initial.withUnsafeBufferPointer { zeros in
                let before =
                  unsafe t > 0
                  ? UnsafePointer(states + cells + (t - 1) * block) : zeros.baseAddress
                unsafe vitrine_lstm_cell(
                  gate, before, states + cells + t * block, tanhCells + t * block,
                  states + t * block, batch, width)
              }
            }
          }
        }
      }
    }
  }

  func gradients(
    gates: Tensor, tanhCells: Tensor, states: Tensor, of output: Tensor
  ) -> (projected: Tensor, recurrent: Tensor) {
    // Holds what reaches each state: from outside at first, plus from the next step.
    var reaching = output.detached
    var gatesGradient = Tensor(zeros: gates.shape)
    var recurrentGradient = Tensor(zeros: recurrent.shape)
    let initial = [Scalar](repeating: 0, count: block)
    var cellGradient = initial
    unsafe gates.withUnsafePointer { gates in
      unsafe tanhCells.withUnsafePointer { tanhCells in
        unsafe states.withUnsafePointer { states in
          unsafe recurrent.withUnsafePointer { recurrent in
            unsafe reaching.withUnsafeMutablePointer { reaching in
              unsafe gatesGradient.withUnsafeMutablePointer { gatesGradient in
                for t in (0..<steps).reversed() {
                  let gate = unsafe gatesGradient + 4 * t * block
                  unsafe initial.withUnsafeBufferPointer { zeros in
                    let before =
                      unsafe t > 0
                      ? states + cells + (t - 1) * block : zeros.baseAddress
                    unsafe vitrine_lstm_cell_gradient(
                      gates + 4 * t * block, before, tanhCells + t * block,
                      reaching + t * block, reaching + cells + t * block, gate, &cellGradient,
                      batch, width)
                  }
                  guard t > 0 else { continue }
                  unsafe Gemm.multiply(
                    m: batch, n: width, k: 4 * width, a: gate, lda: 4 * width, b: recurrent,
                    ldb: width, beta: 1, c: reaching + (t - 1) * block, ldc: width)
                  unsafe vitrine_axpy(
                    1, cellGradient, reaching + cells + (t - 1) * block, block)
                }
                unsafe recurrentGradient.withUnsafeMutablePointer { out in
                  guard steps > 1 else { return }
                  unsafe Gemm.multiply(
                    m: 4 * width, n: width, k: (steps - 1) * batch,
                    a: gatesGradient + 4 * block, lda: 4 * width, transposeA: true,
                    b: states, ldb: width, c: out, ldc: width)
                }
              }
            }
          }
        }
      }
    }
    return (gatesGradient, recurrentGradient)
  }
}
