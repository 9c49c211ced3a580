import Synchronization

/// A named slot of a model: a tensor that training changes, or a buffer that travels with it.
///
/// The value may be read from any task. Only the training loop writes, between passes: the optimizer
/// to what trains, `Pass.applyObservations` to running statistics.
public final class Parameter: Sendable {
  /// Whether optimizers change it. Buffers, such as running statistics, are saved but not trained.
  public let trainable: Bool
  private let current: Mutex<Tensor>

  /// A slot with its first value.
  public init(_ value: Tensor, trainable: Bool = true) {
    self.trainable = trainable
    current = Mutex(value.detached)
  }

  /// The current value, without a trace. Setting it must keep the shape.
  public var value: Tensor {
    get { current.withLock { $0 } }
    set {
      current.withLock { slot in
        precondition(
          slot.shape == newValue.shape,
          "a parameter of shape \(slot.shape) was given \(newValue.shape)")
        slot = newValue.detached
      }
    }
  }

  /// Changes the value in place, without a copy if no pass still holds it.
  package func update(_ body: (inout Tensor) -> Void) {
    current.withLock { body(&$0) }
  }
}
