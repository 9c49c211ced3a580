import Tensors

/// Why saved parameters cannot be used, with every tensor at fault listed.
public struct CheckpointError: Error, Sendable, CustomStringConvertible {
  /// What failed, where, why, and what to do.
  public let description: String

  package init(_ description: String) { self.description = description }
}

extension [String: Tensor] {
  func tensor(_ name: String, shape: Shape) throws(CheckpointError) -> Tensor {
    guard let tensor = self[name] else {
      throw CheckpointError(
        "optimizer state: tensor '\(name)' is missing: the checkpoint belongs to another optimizer"
          + " or is damaged; start without --resume")
    }
    guard tensor.shape == shape else {
      throw CheckpointError(
        "optimizer state: tensor '\(name)' has shape \(tensor.shape) instead of \(shape): the"
          + " configuration changed since the checkpoint; start without --resume")
    }
    return tensor
  }
}
