import Tensors

/// Whether pictures of a class lie together, without a classifier.
package enum NeighbourAgreement {
  /// The share of pictures whose nearest other picture has a class in common with them, by the cosine
  /// of features from which the mean of all is subtracted; nil for fewer than two.
  /// - Parameter features: `[pictures][width]`
  /// - Complexity: O(pictures² · width), in blocks of 256 pictures.
  package static func of(_ features: [[Float]], labels: [[Int]]) -> Double? {
    guard features.count > 1, let width = features.first?.count else { return nil }
    let rows = normalized(features, width)
    var agreeing = 0
    for start in stride(from: 0, to: features.count, by: 256) {
      let range = start..<min(start + 256, features.count)
      let products = linear(rows.slice(axis: 0, range), rows, nil)
      products.withUnsafePointer { cosine in
        for (row, image) in range.enumerated() {
          let scores = cosine + row * features.count
          var best = image == 0 ? 1 : 0
          for other in 0..<features.count where other != image && scores[other] > scores[best] {
            best = other
          }
          if !Set(labels[image]).isDisjoint(with: labels[best]) { agreeing += 1 }
        }
      }
    }
    return Double(agreeing) / Double(features.count)
  }

  private static func normalized(_ features: [[Float]], _ width: Int) -> Tensor {
    var mean = [Double](repeating: 0, count: width)
    for row in features {
      for column in 0..<width { mean[column] += Double(row[column]) / Double(features.count) }
    }
    var values: [Scalar] = []
    values.reserveCapacity(features.count * width)
    for row in features {
      let centred = zip(row, mean).map { Double($0) - $1 }
      let norm = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
      values += centred.map { Scalar($0 / max(norm, 1e-12)) }
    }
    return Tensor(values, shape: [features.count, width])
  }
}
