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

  /// The share of training values below a number, which is not NaN; 0.5 where training had none.
  /// O(log quantiles).
  public func share(of value: Double) -> Double {
    guard let least = values.first, let most = values.last else { return 0.5 }
    if value <= least { return shares[0] }
    if value >= most { return shares[shares.count - 1] }
    // The last value at or below; halving without a branch, since nobody could predict it.
    var low = 0
    var length = values.count - 1
    while length > 1 {
      let half = length / 2
      low += values[low + half] <= value ? half : 0
      length -= half
    }
    let high = low + 1
    let part = (value - values[low]) / (values[high] - values[low])
    return shares[low] + part * (shares[high] - shares[low])
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
