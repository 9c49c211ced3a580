import CKernels

/// Stops where offsets do not cut `count` rows into consecutive segments.
private func checkedSegments(_ offsets: [Int32], of count: Int) -> Int {
  precondition(
    offsets.first ?? 0 == 0 && Int(offsets.last ?? 0) == count
      && zip(offsets, offsets.dropFirst()).allSatisfy(<=),
    "segment offsets must rise from 0 to the \(count) rows")
  return max(offsets.count - 1, 0)
}

/// Softmax of x [n] over consecutive segments: segment `i` is `offsets[i] ..< offsets[i+1]`. A segment
/// with a NaN, or of nothing but -infinity, gives NaN. O(n).
public func segmentSoftmax(_ x: Tensor, offsets: [Int32]) -> Tensor {
  precondition(x.shape.rank == 1, "softmax over segments of shape \(x.shape)")
  let segments = checkedSegments(offsets, of: x.count)
  let output = Tensor.unsafeUninitialized(x.shape) {
    vitrine_segment_softmax(x.storage.pointer, offsets, $0, segments)
  }
  return traced(output, x) { gradient in
    x.node.accumulate(
      Tensor.unsafeUninitialized(output.shape) {
        vitrine_segment_softmax_gradient(
          output.storage.pointer, gradient.storage.pointer, offsets, $0, segments)
      })
  }
}

/// Sums over consecutive rows of x [n, width]: [segments, width], zeros for an empty segment.
/// O(n · width).
public func segmentSum(_ x: Tensor, offsets: [Int32]) -> Tensor {
  precondition(x.shape.rank == 2, "sum over segments of shape \(x.shape)")
  let segments = checkedSegments(offsets, of: x.shape[0])
  let shape = x.shape
  let output = Tensor.unsafeUninitialized([segments, shape[1]]) {
    vitrine_segment_sum(x.storage.pointer, offsets, $0, segments, shape[1])
  }
  return traced(output, x) { gradient in
    var owners: [Int32] = []
    owners.reserveCapacity(shape[0])
    for segment in 0..<segments {
      for _ in offsets[segment]..<offsets[segment + 1] { owners.append(Int32(segment)) }
    }
    x.node.accumulate(gradient.gatherRows(owners))
  }
}

/// Sums of `weights[i] · x[rows[i]]` over the `i` of each segment: [segments, width], zeros for an
/// empty one. Nothing of the size of the pairs is made beside the weights. O(rows.count · width).
///
/// - Parameters:
///   - weights: [rows.count]
///   - x: [any, width]
public func segmentSum(
  _ weights: Tensor, of x: Tensor, rows: [Int32], offsets: [Int32]
) -> Tensor {
  precondition(
    weights.count == rows.count && x.shape.rank == 2,
    "\(weights.count) weights of \(rows.count) rows of shape \(x.shape)")
  let segments = checkedSegments(offsets, of: rows.count)
  let width = x.shape[1]
  checkRows(rows, of: x)
  let output = Tensor.unsafeUninitialized([segments, width]) {
    vitrine_weighted_segment_sum(
      weights.storage.pointer, x.storage.pointer, rows, offsets, $0, segments, width)
  }
  let (heavy, table) = (weights.detached, x.detached)
  return traced(output, weights, x) { gradient in
    var weightsGradient = weights.node.map { _ in Tensor(zeros: heavy.shape) }
    var tableGradient = x.node.map { _ in Tensor(zeros: table.shape) }
    vitrine_weighted_segment_sum_gradient(
      heavy.storage.pointer, table.storage.pointer, rows, offsets, gradient.storage.pointer,
      weightsGradient?.withUnsafeMutablePointer { $0 },
      tableGradient?.withUnsafeMutablePointer { $0 }, segments, width)
    if let weightsGradient { weights.node.accumulate(weightsGradient) }
    if let tableGradient { x.node.accumulate(tableGradient) }
  }
}

/// Stops at a row that the matrix does not have: the kernels look at none.
func checkRows(_ rows: [Int32], of x: Tensor) {
  let height = Int32(x.shape[0])
  precondition(
    rows.allSatisfy { $0 >= 0 && $0 < height }, "a row outside 0 ..< \(height) of \(x.shape)")
}
