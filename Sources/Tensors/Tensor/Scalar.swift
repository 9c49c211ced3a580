/// The element of every tensor.
///
/// It is a concrete type because generic kernels that cross a module boundary are a hundred times
/// slower. The gradient checks rebuild the numeric rooms with `Double`; nothing else does.
#if DOUBLE_PRECISION
  public typealias Scalar = Double
#else
  public typealias Scalar = Float
#endif
