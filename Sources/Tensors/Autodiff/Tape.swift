/// One traced value: its accumulated gradient and how to pass that on to the values it came from.
///
/// Confined to the task that runs the pass; `Sendable` only because `Tensor` carries it.
package final class TapeNode: @unchecked Sendable {
  unowned let tape: Tape
  package private(set) var gradient: Tensor?
  fileprivate var pullback: ((Tensor) -> Void)?

  fileprivate init(tape: Tape, pullback: ((Tensor) -> Void)?) {
    self.tape = tape
    self.pullback = pullback
  }

  /// Adds to the gradient. The first contribution is kept as it is: most values have only one.
  package func accumulate(_ contribution: Tensor) {
    if gradient == nil {
      gradient = contribution.detached
    } else {
      gradient?.add(contribution)
    }
  }

  fileprivate func propagate() {
    let pullback = self.pullback
    // Also where no gradient arrived; see `Tape.deinit`.
    self.pullback = nil
    guard let pullback, let gradient else { return }
    self.gradient = nil
    pullback(gradient)
  }
}

/// The operations of one training pass in the order they ran, which is all that reverse-mode
/// differentiation needs: no graph search, and no recursion however long the sequence.
package final class Tape {
  private var nodes: [TapeNode] = []

  package init() {}

  /// A node owns those it came from through its pullback, so freeing the last one would free the
  /// others in a recursion as deep as the tape is long. A tape may end without a backward pass.
  deinit {
    for node in nodes.reversed() { node.pullback = nil }
  }

  /// A value without history: a parameter, or an input whose gradient is wanted.
  package func leaf(_ tensor: Tensor) -> Tensor {
    var traced = tensor.detached
    traced.node = TapeNode(tape: self, pullback: nil)
    return traced
  }

  fileprivate func record(_ tensor: Tensor, _ pullback: @escaping (Tensor) -> Void) -> Tensor {
    var traced = tensor
    let node = TapeNode(tape: self, pullback: pullback)
    nodes.append(node)
    traced.node = node
    return traced
  }

  /// A value computed by other means than the operations of this room.
  package func custom(_ tensor: Tensor, _ pullback: @escaping (Tensor) -> Void) -> Tensor {
    record(tensor.detached, pullback)
  }

  /// Runs the operations backwards from a scalar and forgets them.
  package func backward(from loss: Tensor) {
    precondition(loss.count == 1, "the loss must be one number; it has shape \(loss.shape)")
    guard let root = loss.node else { return }
    root.accumulate(Tensor(repeating: 1, shape: loss.shape))
    for node in nodes.reversed() { node.propagate() }
    nodes.removeAll()
  }
}

/// Attaches `output` to the tape of whichever parent is traced; `pullback` receives the gradient
/// of the output and must accumulate into the parents' nodes. Without a traced parent nothing is
/// recorded and the closure is not even kept.
package func traced(
  _ output: Tensor, _ parents: Tensor..., pullback: @escaping (Tensor) -> Void
) -> Tensor {
  for parent in parents {
    if let tape = parent.node?.tape { return tape.record(output, pullback) }
  }
  return output
}

/// The same for any number of parents.
package func traced(
  _ output: Tensor, parents: [Tensor], pullback: @escaping (Tensor) -> Void
) -> Tensor {
  for parent in parents {
    if let tape = parent.node?.tape { return tape.record(output, pullback) }
  }
  return output
}

extension Optional where Wrapped == TapeNode {
  /// Accumulates where somebody listens; the gradient is not computed otherwise.
  package func accumulate(_ gradient: @autoclosure () -> Tensor) {
    if let self { self.accumulate(gradient()) }
  }
}
