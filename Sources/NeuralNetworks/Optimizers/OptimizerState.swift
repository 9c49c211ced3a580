import Tensors

/// Reading an optimizer's state from a file, which may be damaged or belong to another training.
extension [String: StoredTensor] {
  /// Any numbers.
  func tensor(_ name: String, shape: Shape) throws(CheckpointError) -> Tensor {
    let stored = try entry(name)
    guard stored.shape == shape.dimensions else {
      throw CheckpointError(
        "optimizer state: tensor '\(name)' has shape \(stored.shape) instead of \(shape): the"
          + " configuration changed since the checkpoint; start without --resume")
    }
    return stored.tensor
  }

  /// Sums or means of squares. A negative one would turn its parameter into NaN.
  func squares(_ name: String, shape: Shape) throws(CheckpointError) -> Tensor {
    let tensor = try tensor(name, shape: shape)
    guard tensor.scalars.allSatisfy({ $0 >= 0 }) else {
      throw CheckpointError(
        "optimizer state: tensor '\(name)' holds squares, but one of them is negative: the"
          + " checkpoint is damaged; start without --resume")
    }
    return tensor
  }

  /// How often something happened.
  func count(_ name: String) throws(CheckpointError) -> Int {
    // Half the range, so that counting on cannot overflow.
    guard case .int64(let values) = try entry(name).elements, values.count == 1,
      let count = Int(exactly: values[0]), (0...Int.max / 2).contains(count)
    else {
      throw CheckpointError(
        "optimizer state: tensor '\(name)' is not a count: the checkpoint is damaged or of an"
          + " earlier version; start without --resume")
    }
    return count
  }

  private func entry(_ name: String) throws(CheckpointError) -> StoredTensor {
    guard let stored = self[name] else {
      throw CheckpointError(
        "optimizer state: tensor '\(name)' is missing: the checkpoint belongs to another optimizer"
          + " or is damaged; start without --resume")
    }
    return stored
  }
}
