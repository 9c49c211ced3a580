public import Tensors

/// An optimizer that lets its parameters stay as they are for the first steps of a training: those that
/// were learnt elsewhere, until the rest has found its place around them.
public final class PatientOptimizer: Optimizer {
  private let base: any Optimizer
  private let waiting: Int
  private var steps = 0

  /// - Parameter steps: those in which nothing moves.
  public init(_ base: any Optimizer, steps: Int) {
    self.base = base
    waiting = steps
  }

  /// See `Optimizer`.
  public var learningRate: Scalar {
    get { base.learningRate }
    set { base.learningRate = newValue }
  }

  /// See `Optimizer`.
  public func step(_ gradients: Gradients) {
    if steps >= waiting { base.step(gradients) }
    steps += 1
  }

  /// See `Optimizer`.
  public func state() -> [(name: String, tensor: StoredTensor)] {
    [("waited", StoredTensor(shape: [], elements: .int64([Int64(steps)])))]
      + base.state().map { ("base.\($0.name)", $0.tensor) }
  }

  /// See `Optimizer`.
  public func restore(_ state: [String: StoredTensor]) throws(CheckpointError) {
    let count = try state.count("waited")
    var own: [String: StoredTensor] = [:]
    for (name, tensor) in state where name.hasPrefix("base.") {
      own[String(name.dropFirst("base.".count))] = tensor
    }
    try base.restore(own)
    steps = count
  }
}
