internal import Foundation

/// The simulation's random numbers: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), one stream for
/// each purpose, so that a change in one part of the simulation leaves the others as they were.
public struct SimulationRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Creates the generator of a stream.
  public init(seed: UInt64, stream: UInt64 = 0) {
    state = seed
    state = next() ^ (stream &* 0xD1B5_4A32_D192_ED03)
    state = next()
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number in (0, 1).
  mutating func uniform() -> Double {
    (Double(next() >> 11) + 0.5) * 0x1p-53
  }

  /// A standard normal number (Box and Muller).
  mutating func normal() -> Double {
    let radius = (-2 * log(uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// A standard Gumbel number: adding one to each log weight and taking the k largest draws k items
  /// without replacement, each in proportion to its weight.
  mutating func gumbel() -> Double {
    -log(-log(uniform()))
  }

  mutating func flip(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// A direction in `width` dimensions that lies along `count` of the axes only.
  mutating func sparseDirection(width: Int, count: Int) -> [Double] {
    let axes = Array(0..<width).shuffled(using: &self).prefix(count)
    var direction = [Double](repeating: 0, count: width)
    for axis in axes { direction[axis] = normal() }
    let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? direction.map { $0 / length } : direction
  }
}
