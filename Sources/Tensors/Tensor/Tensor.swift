/// A dense row-major array of scalars with value semantics.
///
/// Storage is 64-byte aligned and shared until written. While a `Pass` trains, the tensors it
/// computes also remember how they came about; everywhere else a tensor is only its values.
public struct Tensor: Sendable {
  /// The extents.
  public private(set) var shape: Shape
  package private(set) var storage: TensorStorage
  /// How this value was computed, when a tape records. Nil in inference.
  package var node: TapeNode?

  package init(shape: Shape, storage: TensorStorage, node: TapeNode? = nil) {
    precondition(
      shape.count == storage.count, "shape \(shape) does not hold \(storage.count) elements")
    self.shape = shape
    self.storage = storage
    self.node = node
  }

  /// A tensor of zeros.
  public init(zeros shape: Shape) { self.init(repeating: 0, shape: shape) }

  /// A tensor of one value.
  public init(repeating value: Scalar, shape: Shape) {
    self.init(shape: shape, storage: TensorStorage(repeating: value, count: shape.count))
  }

  /// A tensor of the given elements in row-major order; their number must fit the shape.
  public init(_ scalars: [Scalar], shape: Shape) {
    precondition(
      scalars.count == shape.count, "\(scalars.count) elements do not fill shape \(shape)")
    let storage = TensorStorage(uninitialized: scalars.count)
    scalars.withUnsafeBufferPointer { source in
      if let base = source.baseAddress {
        storage.pointer.initialize(from: base, count: scalars.count)
      }
    }
    self.init(shape: shape, storage: storage)
  }

  /// A vector.
  public init(_ scalars: [Scalar]) { self.init(scalars, shape: [scalars.count]) }

  /// A scalar (rank 0).
  public init(scalar: Scalar) { self.init([scalar], shape: []) }

  /// Uninitialised memory handed to `body`, which must write every element.
  package static func unsafeUninitialized(
    _ shape: Shape, _ body: (UnsafeMutablePointer<Scalar>) -> Void
  ) -> Tensor {
    let storage = TensorStorage(uninitialized: shape.count)
    body(storage.pointer)
    return Tensor(shape: shape, storage: storage)
  }

  /// The number of elements.
  public var count: Int { storage.count }

  /// The same values without the memory of how they were computed.
  public var detached: Tensor { Tensor(shape: shape, storage: storage) }

  /// The same elements under another shape of equal count, without a copy and without a trace.
  package func viewed(as shape: Shape) -> Tensor { Tensor(shape: shape, storage: storage) }

  package mutating func makeUnique() {
    if isKnownUniquelyReferenced(&storage) {
      storage.layouts.forget()
    } else {
      storage = TensorStorage(copying: storage)
    }
  }
}
