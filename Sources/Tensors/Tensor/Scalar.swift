// The element of a tensor is a concrete type because generic kernels that cross a module boundary
// are a hundred times slower. The gradient checks rebuild the numeric rooms with `Double`; nothing
// else does.
#if DOUBLE_PRECISION
  /// The element of every tensor: `Double` in this build, which only checks gradients.
  public typealias Scalar = Double
#else
  /// The element of every tensor.
  public typealias Scalar = Float
#endif
