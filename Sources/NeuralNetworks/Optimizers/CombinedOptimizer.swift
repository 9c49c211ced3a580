public import Tensors

/// Several optimizers over parts of one model, stepping together: a linear part by FTRL beside a deep
/// part by Adagrad (Cheng et al., 2016, arXiv 1606.07792).
///
/// The first one's learning rate is that of all: setting it scales the others'
/// own in proportion, so a
/// schedule bends every part alike.
public final class CombinedOptimizer: Optimizer {
  private let parts: [any Optimizer]
  private let rates: [Scalar]

  /// At least one part; no parameter may belong to two.
  public init(_ parts: [any Optimizer]) {
    precondition(!parts.isEmpty, "no optimizer to combine")
    self.parts = parts
    rates = parts.map(\.learningRate)
  }

  /// Of the first part.
  public var learningRate: Scalar {
    get { parts[0].learningRate }
    set {
      for (part, rate) in zip(parts, rates) { part.learningRate = rate * (newValue / rates[0]) }
      parts[0].learningRate = newValue
    }
  }

  /// See `Optimizer`.
  public func step(_ gradients: Gradients) {
    for part in parts { part.step(gradients) }
  }

  /// See `Optimizer`.
  public func state() -> [(name: String, tensor: StoredTensor)] {
    parts.enumerated().flatMap { index, part in
      part.state().map { ("part.\(index).\($0.name)", $0.tensor) }
    }
  }

  /// See `Optimizer`.
  public func restore(_ state: [String: StoredTensor]) throws(CheckpointError) {
    let before = parts.map { $0.state() }
    for (index, part) in parts.enumerated() {
      let prefix = "part.\(index)."
      var own: [String: StoredTensor] = [:]
      for (name, tensor) in state where name.hasPrefix(prefix) {
        own[String(name.dropFirst(prefix.count))] = tensor
      }
      do {
        try part.restore(own)
      } catch {
        for (earlier, old) in zip(parts, before).prefix(index) {
          try earlier.restore(Dictionary(uniqueKeysWithValues: old.map { ($0.name, $0.tensor) }))
        }
        throw error
      }
    }
  }
}
