public import Tensors

/// Turns gradients into changes of parameters.
///
/// An optimizer keeps its state by position in the parameter list it was made for, so the state
/// can be saved beside the parameters and restored.
public protocol Optimizer: AnyObject {
  /// The step length; schedules change it between steps.
  var learningRate: Scalar { get set }
  /// Applies one update. Rows of a table that the gradients do not mention stay untouched, and so
  /// does their state.
  func step(_ gradients: Gradients)
  /// The state as named tensors, for a checkpoint. Counts are integers, so that they stay exact.
  func state() -> [(name: String, tensor: StoredTensor)]
  /// Puts back what `state()` gave.
  /// - Throws: if a tensor is missing, of another shape or impossible; nothing is changed then.
  func restore(_ state: [String: StoredTensor]) throws(CheckpointError)
}
