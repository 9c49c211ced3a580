import CKernels

/// What one backward pass found: a gradient for each parameter it met.
///
/// A table that was only looked up has row gradients, so that an optimizer touches those rows and
/// no others.
public struct Gradients: Sendable {
  /// The gradient of one parameter.
  public enum Entry: Sendable {
    /// Of the parameter's own shape.
    case dense(Tensor)
    /// Of some rows of it.
    case rows(RowGradient)
  }

  package private(set) var entries: [ObjectIdentifier: Entry] = [:]

  package init() {}

  /// The gradient of a parameter, or nil if the loss does not depend on it.
  public subscript(parameter: Parameter) -> Entry? {
    get { entries[ObjectIdentifier(parameter)] }
    set { entries[ObjectIdentifier(parameter)] = newValue }
  }

  /// The gradient of a parameter in full; zeros where the loss does not depend on it.
  public func dense(_ parameter: Parameter) -> Tensor {
    switch self[parameter] {
    case .dense(let tensor): tensor
    case .rows(let rows): rows.dense(shape: parameter.value.shape)
    case nil: Tensor(zeros: parameter.value.shape)
    }
  }

  /// The Euclidean norm over all entries, accumulated in double precision.
  public func norm(of parameters: [Parameter]) -> Double {
    var total = 0.0
    for parameter in parameters {
      switch self[parameter] {
      case .dense(let tensor): total += tensor.sumOfSquares
      case .rows(let rows): total += rows.values.sumOfSquares
      case nil: break
      }
    }
    return total.squareRoot()
  }

  /// Multiplies every entry, as gradient clipping does.
  public mutating func scale(by factor: Scalar) {
    entries = entries.mapValues { entry in
      switch entry {
      case .dense(let tensor): .dense(tensor.detached * factor)
      case .rows(let rows): .rows(RowGradient(rows: rows.rows, values: rows.values * factor))
      }
    }
  }
}

extension Tensor {
  fileprivate var sumOfSquares: Double {
    vitrine_sum_of_squares(storage.pointer, count)
  }
}
