/// A number known of every candidate, and how it was spread over the training lists.
public struct CandidateFeature: Codable, Sendable, Hashable {
  /// What requests call it.
  public var name: String
  /// Mean over the training candidates.
  public var mean: Float
  /// Standard deviation over the training candidates; 0 for a constant, which says nothing.
  public var deviation: Float

  /// Creates a feature.
  public init(name: String, mean: Float = 0, deviation: Float = 1) {
    self.name = name
    self.mean = mean
    self.deviation = deviation
  }

  /// Deviations a value may lie from the mean before it is cut off: a damaged value in one request
  /// must not saturate every gate of the network.
  static let limit: Float = 10

  /// Deviations from the mean; 0 for a missing value.
  func standardized(_ value: Float) -> Float {
    guard deviation > 0, !value.isNaN else { return 0 }
    return min(max((value - mean) / deviation, -Self.limit), Self.limit)
  }

  /// The features of training lists, in their order.
  ///
  /// Missing values are left out of the statistics. O(candidates × features).
  public static func fit(names: [String], to lists: [SlateList]) -> [CandidateFeature] {
    let width = names.count
    var count = [Double](repeating: 0, count: width)
    var mean = count
    var squares = count
    for list in lists where list.featureWidth == width {
      for (index, value) in list.features.enumerated() where !value.isNaN {
        // Welford's update: sums of squares of large values would cancel.
        let column = index % width
        count[column] += 1
        let step = Double(value) - mean[column]
        mean[column] += step / count[column]
        squares[column] += step * (Double(value) - mean[column])
      }
    }
    return names.indices.map { column in
      CandidateFeature(
        name: names[column], mean: Float(mean[column]),
        deviation: count[column] > 0 ? Float((squares[column] / count[column]).squareRoot()) : 0)
    }
  }
}
