/// A tensor as it lies in a file: extents and elements, row-major.
public struct StoredTensor: Sendable, Equatable {
  /// The elements by type. Half-precision types are widened when read.
  public enum Elements: Sendable, Equatable {
    /// 32-bit floating point.
    case float32([Float])
    /// 64-bit floating point.
    case float64([Double])
    /// 64-bit integers.
    case int64([Int64])
  }

  /// The extents, outermost first; empty for a scalar.
  public let shape: [Int]
  /// As many as the product of the extents.
  public let elements: Elements

  /// A tensor of as many elements as its shape holds.
  public init(shape: [Int], elements: Elements) {
    self.shape = shape
    self.elements = elements
    let count = shape.reduce(1, *)
    precondition(
      count == self.count, "\(self.count) elements do not fill the shape \(shape)")
  }

  /// A tensor of 32-bit numbers.
  public init(shape: [Int], floats: [Float]) {
    self.init(shape: shape, elements: .float32(floats))
  }

  /// The number of elements.
  public var count: Int {
    switch elements {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .int64(let values): values.count
    }
  }

  /// The elements as 32-bit numbers; rounds what has more digits. O(1) where they are such.
  public var floats: [Float] {
    switch elements {
    case .float32(let values): values
    case .float64(let values): values.map { Float($0) }
    case .int64(let values): values.map { Float($0) }
    }
  }
}

extension StoredTensor {
  /// The values of a tensor, in the precision of this build.
  public init(_ tensor: Tensor) {
    #if DOUBLE_PRECISION
      self.init(shape: tensor.shape.dimensions, elements: .float64(tensor.scalars))
    #else
      self.init(shape: tensor.shape.dimensions, elements: .float32(tensor.scalars))
    #endif
  }

  /// The same values for computing.
  public var tensor: Tensor {
    switch elements {
    case .float32(let values): Tensor(values.map { Scalar($0) }, shape: Shape(shape))
    case .float64(let values): Tensor(values.map { Scalar($0) }, shape: Shape(shape))
    case .int64(let values): Tensor(values.map { Scalar($0) }, shape: Shape(shape))
    }
  }
}
