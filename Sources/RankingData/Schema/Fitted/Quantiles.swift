/// The empirical distribution function of a column, by at most 1000 of its quantiles and straight
/// lines between them.
public struct Quantiles: Sendable, Hashable, Codable {
  /// Ascending values of the column, each once.
  public let values: [Double]
  /// The share of training values below each, equal ones counted half: from 0 to 1.
  public let shares: [Double]

  /// Fits the function; O(n log n).
  /// - Parameter values: training values, none of them NaN.
  public init(_ values: [Double], limit: Int = 1000) {
    let sorted = values.sorted()
    let last = sorted.count - 1
    let knots = min(limit, sorted.count)
    var kept: [Double] = []
    var shares: [Double] = []
    for knot in 0..<knots {
      let position = knots == 1 ? 0 : knot * last / (knots - 1)
      let value = sorted[position]
      if value == kept.last { continue }
      let range = Self.range(of: value, in: sorted)
      kept.append(value)
      shares.append(
        last == 0 ? 0.5 : Double(range.lowerBound + range.upperBound - 1) / Double(2 * last))
    }
    self.values = kept
    self.shares = shares
  }

  /// The positions of a value. O(log n).
  private static func range(of value: Double, in sorted: [Double]) -> Range<Int> {
    func first(_ isReached: (Double) -> Bool) -> Int {
      var low = 0
      var high = sorted.count
      while low < high {
        let middle = (low + high) / 2
        if isReached(sorted[middle]) { high = middle } else { low = middle + 1 }
      }
      return low
    }
    return first { $0 >= value }..<first { $0 > value }
  }

  /// The share of training values below a number; 0.5 where training had none, NaN for NaN.
  /// O(log quantiles).
  public func share(of value: Double) -> Double { shares(of: [value])[0] }

  /// The shares of many numbers.
  func shares(of numbers: [Double]) -> [Double] {
    guard let least = values.first, let most = values.last else {
      return numbers.map { $0.isNaN ? $0 : 0.5 }
    }
    var result: [Double] = []
    result.reserveCapacity(numbers.count)
    var block = SIMD8(repeating: least)
    for start in stride(from: 0, to: numbers.count, by: 8) {
      let end = min(start + 8, numbers.count)
      for index in start..<end { block[index - start] = numbers[index] }
      let places = places(of: block)
      for index in start..<end {
        let number = numbers[index]
        if number.isNaN {
          result.append(number)
        } else if number <= least {
          result.append(shares[0])
        } else if number >= most {
          result.append(shares[shares.count - 1])
        } else {
          let place = places[index - start]
          let part = (number - values[place]) / (values[place + 1] - values[place])
          result.append(shares[place] + part * (shares[place + 1] - shares[place]))
        }
      }
    }
    return result
  }

  /// For each of eight numbers, the last value at or below it, but never the last of all. One search
  /// spends its time waiting for the load that says where to load next; eight wait together.
  private func places(of numbers: SIMD8<Double>) -> SIMD8<Int> {
    unsafe values.withUnsafeBufferPointer { values in
      var places = SIMD8<Int>()
      var length = values.count - 1
      while length > 1 {
        let half = length / 2
        for lane in 0..<8 {
          // The sign of the difference in place of a branch, which nobody could predict.
          let difference = unsafe numbers[lane] - values[places[lane] &+ half]
          let isBelow = Int(truncatingIfNeeded: difference.bitPattern >> 63)
          places[lane] &+= half & (isBelow &- 1)
        }
        length -= half
      }
      return places
    }
  }
}

extension Quantiles {
  private enum CodingKeys: String, CodingKey { case values, shares }

  /// Decodes the function.
  /// - Throws: `DecodingError` where it does not ascend.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    values = try container.decode([Double].self, forKey: .values)
    shares = try container.decode([Double].self, forKey: .shares)
    guard values.count == shares.count, zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }),
      zip(shares, shares.dropFirst()).allSatisfy({ $0 <= $1 }),
      shares.allSatisfy({ (0...1).contains($0) })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container, debugDescription: "The quantiles do not ascend.")
    }
  }
}
