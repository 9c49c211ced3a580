#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A reproducible stream of random numbers.
///
/// Counter-based: draw `n` of stream `s` under seed `k` is a hash of (k, s, n), so streams never
/// overlap and can be split among workers without sharing state. The hash is the finaliser of
/// SplitMix64 (Steele, Lea and Flood, 2014).
public struct RandomStream: Sendable, RandomNumberGenerator {
  private let key: UInt64
  private var counter: UInt64 = 0

  /// A stream of its own for each pair of seed and stream number.
  public init(seed: UInt64, stream: UInt64 = 0) {
    key = Self.mix(Self.mix(seed) ^ (stream &* 0x9E37_79B9_7F4A_7C15))
  }

  /// A new stream, independent of this one and of its other children.
  public func split(_ child: UInt64) -> RandomStream {
    RandomStream(seed: key, stream: child &+ 1)
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    counter &+= 1
    return Self.mix(key &+ counter &* 0x9E37_79B9_7F4A_7C15)
  }

  /// Uniform in [0, 1), with 24 random bits.
  public mutating func nextUniform() -> Scalar {
    Scalar(next() >> 40) * 0x1p-24
  }

  /// Standard normal (Box–Muller).
  public mutating func nextNormal() -> Scalar {
    // 1 - u lies in (0, 1], where the logarithm is finite.
    let radius = (-2 * log(1 - Double(nextUniform()))).squareRoot()
    return Scalar(radius * cos(2 * .pi * Double(nextUniform())))
  }

  /// Uniform in `0 ..< bound`; `bound` must be positive.
  public mutating func next(below bound: Int) -> Int {
    precondition(bound > 0, "next(below: \(bound))")
    return Int(truncatingIfNeeded: next(upperBound: UInt64(bound)))
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Tensor {
  /// Elements drawn uniformly from `-bound ..< bound`.
  public init(uniform bound: Scalar, shape: Shape, random: inout RandomStream) {
    self.init(shape: shape) { out in
      for index in out.indices { out[index] = (2 * random.nextUniform() - 1) * bound }
    }
  }

  /// Elements drawn from a normal distribution around 0.
  public init(normal deviation: Scalar, shape: Shape, random: inout RandomStream) {
    self.init(shape: shape) { out in
      for index in out.indices { out[index] = random.nextNormal() * deviation }
    }
  }
}
