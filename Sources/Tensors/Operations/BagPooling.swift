import CKernels

extension Pass {
  /// Mean of the rows of each bag: [offsets.count - 1, width]; an empty bag reads as zeros.
  ///
  /// Bag `i` holds the table rows `values[offsets[i] ..< offsets[i + 1]]`. The gradient stays
  /// sparse. O(values.count · width).
  public func gatherBags(_ table: Parameter, values: [Int32], offsets: [Int32]) -> Tensor {
    meanOfSegments(gather(table, values), offsets: offsets)
  }
}

/// Mean over consecutive rows of x [n, width]: segment `i` is rows `offsets[i] ..< offsets[i+1]`.
public func meanOfSegments(_ x: Tensor, offsets: [Int32]) -> Tensor {
  let segments = max(offsets.count - 1, 0)
  precondition(
    offsets.first ?? 0 == 0 && Int(offsets.last ?? 0) == x.shape[0]
      && zip(offsets, offsets.dropFirst()).allSatisfy(<=),
    "segment offsets must rise from 0 to the \(x.shape[0]) rows")
  let width = x.shape[1]
  var output = Tensor(zeros: [segments, width])
  output.withUnsafeMutablePointer { out in
    for segment in 0..<segments {
      let (start, end) = (Int(offsets[segment]), Int(offsets[segment + 1]))
      guard end > start else { continue }
      let scale = 1 / Scalar(end - start)
      for row in start..<end {
        vitrine_axpy(scale, x.storage.pointer + row * width, out + segment * width, width)
      }
    }
  }
  let inputShape = x.shape
  return traced(output, x) { gradient in
    var spread = Tensor(zeros: inputShape)
    spread.withUnsafeMutablePointer { out in
      for segment in 0..<segments {
        let (start, end) = (Int(offsets[segment]), Int(offsets[segment + 1]))
        let scale = end > start ? 1 / Scalar(end - start) : 0
        for row in start..<end {
          vitrine_axpy(
            scale, gradient.storage.pointer + segment * width, out + row * width, width)
        }
      }
    }
    x.node.accumulate(spread)
  }
}
