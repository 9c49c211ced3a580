import CKernels

/// A share of a recurrent layer's pre-activations that no state enters: an input of every event times
/// a weight, into some of the columns.
public struct GateInput {
  /// [events, any]: in packed order.
  public let input: Tensor
  /// [columns, any]
  public let weight: Tensor
  /// The first of the columns.
  public let column: Int

  /// `input · weightᵀ` into the columns from `column` on.
  public init(_ input: Tensor, _ weight: Tensor, column: Int = 0) {
    precondition(
      input.shape.rank == 2 && weight.shape.rank == 2 && input.shape[1] == weight.shape[1],
      "a gate's input \(input.shape) and weight \(weight.shape)")
    self.input = input
    self.weight = weight
    self.column = column
  }
}

/// All of them, and a bias. The products of all events are made at once, before the first step.
struct GateInputs {
  let inputs: [GateInput]
  /// [width]
  let bias: Tensor
  let events: Int

  var width: Int { bias.count }
  var parents: [Tensor] { inputs.flatMap { [$0.input, $0.weight] } + [bias] }

  init(_ inputs: [GateInput], bias: Tensor, events: Int) {
    for share in inputs {
      precondition(
        share.input.shape[0] == events && share.column + share.weight.shape[0] <= bias.count,
        "a gate's input \(share.input.shape) and weight \(share.weight.shape) from column "
          + "\(share.column) of \(bias.count), for \(events) events")
    }
    self.inputs = inputs
    self.bias = bias
    self.events = events
  }

  /// [events, width]
  func project() -> TensorStorage {
    let gates = TensorStorage(uninitialized: events * width)
    for event in 0..<events {
      (gates.pointer + event * width).initialize(from: bias.storage.pointer, count: width)
    }
    for share in inputs {
      let (columns, size) = (share.weight.shape[0], share.weight.shape[1])
      Gemm.multiply(
        m: events, n: columns, k: size, a: share.input.storage.pointer, lda: size,
        b: share.weight.storage.pointer, ldb: size, transposeB: true, beta: 1,
        c: gates.pointer + share.column, ldc: width)
    }
    return gates
  }

  /// Passes the gradients of the pre-activations [events, width] on.
  func accumulate(_ gradient: UnsafePointer<Scalar>) {
    bias.node.accumulate(
      {
        var sums = Tensor(zeros: bias.shape)
        sums.withUnsafeMutablePointer { vitrine_sum_rows(gradient, $0, events, width) }
        return sums
      }())
    for share in inputs {
      let (columns, size) = (share.weight.shape[0], share.weight.shape[1])
      let own = gradient + share.column
      share.weight.node.accumulate(
        .unsafeUninitialized(share.weight.shape) {
          Gemm.multiply(
            m: columns, n: size, k: events, a: own, lda: width, transposeA: true,
            b: share.input.storage.pointer, ldb: size, c: $0, ldc: size)
        })
      share.input.node.accumulate(
        .unsafeUninitialized(share.input.shape) {
          Gemm.multiply(
            m: events, n: size, k: columns, a: own, lda: width, b: share.weight.storage.pointer,
            ldb: size, c: $0, ldc: size)
        })
    }
  }
}

/// The gradient of a recurrent weight [gates, width]: `gatesᵀ · previous states`, over all steps at
/// once.
///
/// - Parameters:
///   - gates: [events, stride], gradients of the pre-activations in the first columns.
///   - hidden: [events, width], the states after each event.
///   - initial: [lists, width], those before the first events.
func recurrentGradient(
  of weight: Tensor, gates: UnsafePointer<Scalar>, stride: Int, hidden: UnsafePointer<Scalar>,
  initial: UnsafePointer<Scalar>?, _ lists: PackedLists
) -> Tensor {
  let (columns, width) = (weight.shape[0], weight.shape[1])
  let first = initial == nil ? 1 : 0
  guard lists.stepCount > first else { return Tensor(zeros: weight.shape) }
  let start = lists.steps[first]
  let events = lists.eventCount - start
  let previous = TensorStorage(uninitialized: events * width)
  for step in first..<lists.stepCount {
    let rows = lists.rows(ofStep: step)
    let source = step == 0 ? initial : hidden + lists.steps[step - 1] * width
    guard let source else { continue }
    (previous.pointer + (rows.lowerBound - start) * width).initialize(
      from: source, count: rows.count * width)
  }
  return Tensor.unsafeUninitialized(weight.shape) {
    Gemm.multiply(
      m: columns, n: width, k: events, a: gates + start * stride, lda: stride, transposeA: true,
      b: previous.pointer, ldb: width, c: $0, ldc: width)
  }
}
