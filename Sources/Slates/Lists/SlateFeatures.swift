import RankingData
import Tensors

/// Turns a list into the numbers a slate model reads; the same for training and serving.
package struct SlateFeatures: Sendable {
  let visualInputs: Int
  let columns: [CandidateFeature]
  /// Whether it looks at how near candidates lie to each other.
  let comparesCandidates: Bool
  private let readsRedundancy: Bool
  private let categoryRows: [String: Int32]

  package init(_ configuration: some CandidateInputs, comparesCandidates: Bool = false) {
    visualInputs = configuration.visualInputs
    self.comparesCandidates = comparesCandidates
    columns = configuration.features
    readsRedundancy = configuration.redundancy
    categoryRows = Dictionary(
      zip(configuration.categories, Int32(1)...), uniquingKeysWith: { first, _ in first })
  }

  /// Numbers a candidate that `numeric` writes.
  var numericWidth: Int { 3 + columns.count + (readsRedundancy ? ListRedundancy.width : 0) }

  /// Whether the categories of candidates are known to the model.
  var readsCategories: Bool { !categoryRows.isEmpty }

  /// The row of each candidate's category; 0 where it is unknown or absent.
  func categories(of list: SlateList) -> [Int32] {
    let rows = list.distinctCategories.map { categoryRows[$0] ?? 0 }
    return list.categoryCodes.map { $0 < 0 ? 0 : rows[Int($0)] }
  }

  /// The row of each candidate in the list's visual table; -1 where it has no image or the model
  /// looks at none. Throws when the vectors do not have the width the model was trained with.
  func visualRows(of list: SlateList) throws(SlateError) -> [Int32] {
    guard visualInputs > 0, list.visualRows.contains(where: { $0 >= 0 }) else {
      return [Int32](repeating: -1, count: list.count)
    }
    guard list.visuals.width == visualInputs else {
      throw .visualWidth(list: list.id, expected: visualInputs, found: list.visuals.width)
    }
    return list.visualRows
  }

  /// The visual vectors of the candidates that have one: [present, width].
  func vectors(of list: SlateList, _ visualRows: [Int32]) throws(SlateError) -> [Scalar] {
    let present = list.ids.indices.filter { visualRows[$0] >= 0 }
    guard !present.isEmpty else { return [] }
    var vectors = [Scalar](repeating: 0, count: present.count * visualInputs)
    var norms = [Scalar](repeating: 0, count: present.count)
    Kernels.centredRows(
      list.visuals, present.map { visualRows[$0] }, into: &vectors, squaredNorms: &norms)
    if let bad = norms.firstIndex(where: { !$0.isFinite }) {
      throw .visualNotFinite(list: list.id, item: list.ids[present[bad]])
    }
    return vectors
  }

  /// Standardised base score, reciprocal rank, has-image flag, the standardised features and, where
  /// the model reads it, the redundancy: [n, numericWidth], row-major. Throws when the list does not bring the features of the model.
  func numeric(of list: SlateList, visualRows: [Int32]) throws(SlateError) -> [Scalar] {
    guard columns.isEmpty || list.featureWidth == columns.count else {
      throw .featureWidth(list: list.id, expected: columns.count, numbers: list.features.count)
    }
    let scores = Self.standardized(list.scores, count: list.count)
    let redundancy = readsRedundancy ? ListRedundancy.numbers(of: list) : []
    var features: [Scalar] = []
    features.reserveCapacity(numericWidth * list.count)
    for index in 0..<list.count {
      features.append(Scalar(scores[index]))
      features.append(1 / Scalar(index + 1))
      features.append(visualRows[index] >= 0 ? 1 : 0)
      for (column, feature) in columns.enumerated() {
        features.append(
          Scalar(feature.standardized(list.features[index * columns.count + column])))
      }
      if readsRedundancy {
        features +=
          redundancy[
            index * ListRedundancy.width..<(index + 1) * ListRedundancy.width]
      }
    }
    return features
  }

  /// Scores minus their mean over their deviation; zeros when they are all equal or unknown. The
  /// largest magnitude is divided out first, so that no square overflows.
  package static func standardized(_ scores: [Double]?, count: Int) -> [Double] {
    let zeros = [Double](repeating: 0, count: count)
    guard let scores, let largest = scores.map(\.magnitude).max(), largest > 0 else { return zeros }
    let scaled = scores.map { $0 / largest }
    let mean = scaled.reduce(0, +) / Double(count)
    let deviation = (scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count))
      .squareRoot()
    // Below this the differences are rounding noise of the scores themselves.
    guard deviation > 1e-12 else { return zeros }
    return scaled.map { ($0 - mean) / deviation }
  }
}
