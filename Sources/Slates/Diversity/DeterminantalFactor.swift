import CKernels

/// The factor of a kernel restricted to the candidates that repel: one column for each.
struct DeterminantalFactor {
  /// At most this many candidates repel.
  let limit: Int
  /// How many do.
  private(set) var count = 0
  /// A column is the vector whose product with the features of a candidate is an entry of its column
  /// of the factor, then, where candidates are forgotten, a column of the triangular factor itself.
  private(set) var columns: [Double] = []
  /// What the last candidate forgotten no longer explains; zeros before the first, and empty where
  /// none will be.
  private(set) var removed: [Double] = []
  /// Numbers from one column to the next.
  let stride: Int
  private let size: Int
  private var features: [Double]
  private var product: [Double]

  /// - Parameters:
  ///   - limit: From 1 on.
  ///   - top: How many will be taken, to make room for; more may be.
  init(_ kernel: FactoredKernel, limit: Int, top: Int) {
    size = kernel.featureCount
    self.limit = limit
    features = [Double](repeating: 0, count: size)
    product = features
    let forgets = limit < kernel.count
    stride = forgets ? size + limit : size
    if forgets { removed = [Double](repeating: 0, count: stride) }
    columns.reserveCapacity(stride * min(limit, top))
  }

  /// Whether there can be more candidates than repel.
  var forgets: Bool { !removed.isEmpty }

  /// Adds a candidate. `residual` is what the others leave of its diagonal, before the one that has
  /// to be forgotten for it; where that is rounding, it adds nothing that they do not say already.
  /// O(count · size).
  mutating func append(_ candidate: Int, of kernel: FactoredKernel, residual: Double) {
    kernel.write(candidate, features: &features, product: &product)
    var residual = residual
    if count == limit {
      unsafe vitrine_determinantal_forget(&columns, stride, size, count, &removed)
      count -= 1
      var entry = 0.0
      for k in 0..<size { entry += features[k] * removed[k] }
      residual += entry * entry
    } else {
      columns.append(contentsOf: repeatElement(0, count: stride))
    }
    let root = residual > DeterminantalValues.floor ? residual.squareRoot() : 0
    unsafe vitrine_determinantal_append(
      &columns, stride, size, count, features, product, root, forgets ? 1 : 0)
    count += 1
  }
}
