import CKernels
import Synchronization

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

  /// The Euclidean norm over all entries, accumulated in double precision, in the order given.
  public func norm(of parameters: [Parameter]) -> Double {
    let values = parameters.compactMap { self[$0]?.values }
    let sums = Mutex([Double](repeating: 0, count: values.count))
    overCores(values.count, elements: values.reduce(0) { $0 + $1.count }) { index in
      let sum = values[index].sumOfSquares
      sums.withLock { $0[index] = sum }
    }
    return sums.withLock { $0.reduce(0, +) }.squareRoot()
  }

  /// Multiplies every entry, as gradient clipping does. In place: what nobody else holds is not
  /// copied.
  public mutating func scale(by factor: Scalar) {
    // By key: the indices of a dictionary's values would hold on to the values.
    for parameter in Array(entries.keys) { entries[parameter]?.scale(by: factor) }
  }
}

extension Gradients.Entry {
  fileprivate var values: Tensor {
    switch self {
    case .dense(let tensor): tensor
    case .rows(let rows): rows.values
    }
  }

  fileprivate mutating func scale(by factor: Scalar) {
    switch consume self {
    case .dense(var tensor):
      tensor.scale(by: factor)
      self = .dense(tensor)
    case .rows(var rows):
      rows.values.scale(by: factor)
      self = .rows(rows)
    }
  }
}

extension Tensor {
  fileprivate var sumOfSquares: Double {
    vitrine_sum_of_squares(storage.pointer, count)
  }

  fileprivate mutating func scale(by factor: Scalar) {
    makeUnique()
    let values = storage.pointer
    overPieces(of: count) { piece in
      let first = values + piece.lowerBound
      vitrine_affine(factor, first, 0, first, piece.count)
    }
  }
}
