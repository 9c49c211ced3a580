internal import Foundation

extension SeededRandom {
  /// A standard Gumbel number: adding one to each log weight and taking the k largest draws k items
  /// without replacement, each in proportion to its weight.
  mutating func gumbel() -> Double {
    -log(-log(uniform()))
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
