/// The random numbers of one picture in one epoch.
///
/// Counter-based (SplitMix64; Steele, Lea and Flood, 2014): a function of (seed, epoch, image), so
/// the picture is the same whichever worker makes it, and whatever was made before it.
package struct AugmentationStream: RandomNumberGenerator, Sendable {
  private let key: UInt64
  private var counter: UInt64 = 0

  package init(seed: UInt64, epoch: Int, image: Int) {
    let epoch = Self.mix(Self.mix(seed) &+ UInt64(truncatingIfNeeded: epoch))
    key = Self.mix(epoch &+ UInt64(truncatingIfNeeded: image) &* Self.step)
  }

  /// 64 random bits.
  package mutating func next() -> UInt64 {
    counter &+= 1
    return Self.mix(key &+ counter &* Self.step)
  }

  /// Uniform in [0, 1), with 53 random bits.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in a range.
  package mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
  }

  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ step
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
