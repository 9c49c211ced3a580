extension Tensor {
  /// A copy of the elements in row-major order. O(count).
  public var scalars: [Scalar] {
    Array(UnsafeBufferPointer(start: storage.pointer, count: count))
  }

  /// The elements in row-major order, without a copy.
  public var span: Span<Scalar> {
    @_lifetime(borrow self)
    get {
      let view = Span(_unsafeStart: UnsafePointer(storage.pointer), count: count)
      return _overrideLifetime(view, borrowing: self)
    }
  }

  /// The only element of a tensor of one element.
  public func item() -> Scalar {
    precondition(count == 1, "item() of a tensor of shape \(shape)")
    return storage.pointer[0]
  }

  /// Whether every element is a number.
  public var isFinite: Bool {
    // A sum is infinite or NaN if any element is: one pass that vectorises, then a certain answer.
    var total: Scalar = 0
    for index in 0..<count { total += storage.pointer[index] * 0 }
    return total == 0
  }

  /// Lets `body` write the elements in place; copies first if the storage is shared.
  public mutating func withMutableSpan<Result>(
    _ body: (inout MutableSpan<Scalar>) throws -> Result
  ) rethrows -> Result {
    makeUnique()
    let buffer = UnsafeMutableBufferPointer(start: storage.pointer, count: count)
    return try withExtendedLifetime(storage) {
      var view = buffer.mutableSpan
      return try body(&view)
    }
  }

  /// Makes a tensor by letting `body` write every element of a zeroed one.
  public init(shape: Shape, initializingWith body: (inout MutableSpan<Scalar>) throws -> Void)
    rethrows
  {
    self.init(zeros: shape)
    try withMutableSpan(body)
  }

  package func withUnsafePointer<Result>(
    _ body: (UnsafePointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafePointer(storage.pointer)) }
  }

  package mutating func withUnsafeMutablePointer<Result>(
    _ body: (UnsafeMutablePointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    makeUnique()
    return try body(storage.pointer)
  }
}
