import RankingData
package import Tensors

/// How near the candidates of one list lie to each other, in every space that a model reads: the
/// direction of the image, the category, the features.
///
/// - Image: the cosine of the visual vectors minus their mean over the list; 0 where one is missing.
/// - Category: 1 for the same category, 0 otherwise and where one is missing.
/// - Features: e^(-d / D), where d is the Euclidean distance of the standardised features and D the
///   root of its mean square over the pairs of the list.
package struct CandidateSpaces: Sendable {
  /// What stands for the similarity to nothing: no similarity is lower.
  static let farthest: Scalar = -1

  /// Number of spaces.
  let width: Int
  private let count: Int
  private var directions: [Scalar] = []
  private var categories: [Int32] = []
  private var points: [Scalar] = []
  private var scale: Scalar = 0

  /// The number of spaces that a model reads.
  static func count(_ source: SlateFeatures) -> Int {
    (source.visualInputs > 0 ? 1 : 0) + (source.readsCategories ? 1 : 0)
      + (source.columns.isEmpty ? 0 : 1)
  }

  /// O(n · (visual width + features)). The list must be one that `SlateFeatures` can read.
  init(_ list: SlateList, _ source: SlateFeatures) {
    count = list.count
    width = Self.count(source)
    if source.visualInputs > 0 { directions = Self.directions(list, source.visualInputs) }
    if source.readsCategories { categories = list.categoryCodes }
    if !source.columns.isEmpty { (points, scale) = Self.points(list, source.columns) }
  }

  /// Raises the largest similarity so far of every candidate, [spaces, count] from `first` on, to that
  /// to `chosen`. O(n · (visual width + features)).
  package func approach(_ chosen: Int, _ nearest: inout [Scalar], at first: Int) {
    var plane = first
    if !directions.isEmpty {
      Kernels.raiseCosines(directions, chosen, &nearest, at: plane, count: count)
      plane += count
    }
    if !categories.isEmpty {
      let code = categories[chosen]
      for i in 0..<count {
        nearest[plane + i] = max(nearest[plane + i], code >= 0 && categories[i] == code ? 1 : 0)
      }
      plane += count
    }
    if !points.isEmpty {
      Kernels.raiseNearness(points, chosen, scale: scale, &nearest, at: plane, count: count)
    }
  }

  /// Unit vectors, zeros for a missing one: [n, padded width].
  private static func directions(_ list: SlateList, _ width: Int) -> [Scalar] {
    let stride = PanelWeights.padded(width)
    var rows = [Scalar](repeating: 0, count: list.count * stride)
    let present =
      list.visuals.width == width ? list.visualRows.indices.filter { list.visualRows[$0] >= 0 } : []
    var mean = [Scalar](repeating: 0, count: width)
    for i in present {
      for (k, value) in list.visuals.vector(list.visualRows[i]).enumerated() {
        rows[i * stride + k] = Scalar(value)
        mean[k] += Scalar(value) / Scalar(present.count)
      }
    }
    for i in present {
      var squares: Scalar = 0
      for k in 0..<width {
        rows[i * stride + k] -= mean[k]
        squares += rows[i * stride + k] * rows[i * stride + k]
      }
      let factor = squares > 0 ? 1 / squares.squareRoot() : 0
      for k in 0..<width { rows[i * stride + k] *= factor }
    }
    return rows
  }

  /// Standardised features, [n, padded width], and 1 / D; 0 where all candidates are alike.
  private static func points(
    _ list: SlateList, _ columns: [CandidateFeature]
  ) -> (points: [Scalar], scale: Scalar) {
    let (n, width) = (list.count, columns.count)
    let stride = PanelWeights.padded(width)
    var points = [Scalar](repeating: 0, count: n * stride)
    var variance: Scalar = 0
    for (k, column) in columns.enumerated() {
      var mean: Scalar = 0
      for i in 0..<n {
        let value = Scalar(column.standardized(list.features[i * width + k]))
        points[i * stride + k] = value
        mean += value / Scalar(n)
      }
      for i in 0..<n {
        let offset = points[i * stride + k] - mean
        variance += offset * offset / Scalar(n)
      }
    }
    // The mean square distance of two different candidates.
    let square = n > 1 ? 2 * variance * Scalar(n) / Scalar(n - 1) : 0
    return (points, square > 0 ? 1 / square.squareRoot() : 0)
  }
}
