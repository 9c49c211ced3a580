/// The extents of a tensor, outermost first. Row-major: the last dimension is contiguous.
///
/// Held inline (no allocation), so at most eight dimensions.
public struct Shape: Sendable, Hashable {
  private var extents: SIMD8<Int32>
  /// The number of dimensions; 0 for a scalar.
  public private(set) var rank: Int

  /// Makes a shape from its extents, each in `0 ... Int32.max`.
  public init(_ dimensions: some Collection<Int>) {
    precondition(dimensions.count <= 8, "a shape of \(dimensions.count) dimensions; at most 8")
    extents = SIMD8(repeating: 1)
    rank = dimensions.count
    for (axis, extent) in dimensions.enumerated() {
      precondition(extent >= 0, "negative extent \(extent) in dimension \(axis)")
      extents[axis] = Int32(extent)
    }
  }

  /// The extent of one dimension; a negative axis counts from the last.
  public subscript(axis: Int) -> Int {
    get { Int(extents[resolved(axis)]) }
    set { extents[resolved(axis)] = Int32(newValue) }
  }

  /// The number of elements.
  public var count: Int {
    var product = 1
    for axis in 0..<rank { product *= Int(extents[axis]) }
    return product
  }

  /// The extents as an array.
  public var dimensions: [Int] { (0..<rank).map { Int(extents[$0]) } }

  /// The position of an axis that may count from the end.
  package func resolved(_ axis: Int) -> Int {
    let position = axis < 0 ? axis + rank : axis
    precondition(position >= 0 && position < rank, "axis \(axis) of shape \(self)")
    return position
  }

  /// The product of the extents in a range of dimensions.
  package func count(of axes: Range<Int>) -> Int {
    var product = 1
    for axis in axes { product *= Int(extents[axis]) }
    return product
  }

  /// The same shape without one dimension.
  package func removing(_ axis: Int) -> Shape {
    var dimensions = dimensions
    dimensions.remove(at: resolved(axis))
    return Shape(dimensions)
  }

  /// The same shape with one extent replaced.
  package func replacing(_ axis: Int, with extent: Int) -> Shape {
    var copy = self
    copy[axis] = extent
    return copy
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// `[batch, width]`
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: CustomStringConvertible {
  /// `[4, 3]`
  public var description: String { "\(dimensions)" }
}
