import CKernels

/// The factor of a kernel restricted to the candidates that repel: one column for each.
struct DeterminantalFactor {
  /// At most this many candidates repel; `.max` for all that are taken.
  let limit: Int
  /// How many do.
  private(set) var count = 0
  /// A column is the vector whose product with the features of a candidate is an entry of its column
  /// of the factor, then, where candidates are forgotten, a column of the triangular factor itself.
  private(set) var columns: [Double]
  /// What the last candidate forgotten no longer explains.
  private(set) var removed: [Double] = []
  private let size: Int
  private let stride: Int
  private var features: [Double]
  private var product: [Double]

  /// - Parameters:
  ///   - size: Features of a candidate.
  ///   - top: How many will be taken, to make room for; more may be.
  init(size: Int, limit: Int, top: Int) {
    self.limit = limit
    self.size = size
    features = [Double](repeating: 0, count: size)
    product = features
    columns = []
    guard limit < top else {
      stride = size
      columns.reserveCapacity(size * top)
      return
    }
    stride = size + limit
    removed = [Double](repeating: 0, count: stride)
    columns.reserveCapacity(stride * limit)
  }

  var forgets: Bool { stride > size }

  /// Where the vector of the last column starts.
  var last: Int { (count - 1) * stride }

  /// Adds a candidate. `residual` is what the others leave of its diagonal before the one that has
  /// to be forgotten for it; below `floor` it adds nothing that they do not say already. Returns
  /// whether one was forgotten. O(count · size).
  mutating func append(
    _ candidate: Int, of kernel: FactoredKernel, residual: Double, floor: Double
  ) -> Bool {
    kernel.write(candidate, features: &features, product: &product)
    var residual = residual
    let isFull = count == limit
    if isFull {
      unsafe vitrine_determinantal_forget(&columns, stride, size, count, &removed)
      count -= 1
      var entry = 0.0
      for k in 0..<size { entry += features[k] * removed[k] }
      residual += entry * entry
    } else {
      columns.append(contentsOf: repeatElement(0, count: stride))
    }
    let root = residual > floor ? residual.squareRoot() : 0
    unsafe vitrine_determinantal_append(
      &columns, stride, size, count, features, product, root, forgets ? 1 : 0)
    count += 1
    return isFull
  }
}
