import CKernels

extension Tensor {
  /// The sum of all elements, of shape [].
  public func sum() -> Tensor {
    let total = Tensor(scalar: vitrine_sum(storage.pointer, count))
    return traced(total, self) { node.accumulate(Tensor(repeating: $0.item(), shape: shape)) }
  }

  /// The mean of all elements, of shape [].
  public func mean() -> Tensor { sum() / Scalar(max(count, 1)) }

  /// Sums over one axis, which disappears; a negative axis counts from the last.
  public func sum(axis: Int) -> Tensor {
    let axis = shape.resolved(axis)
    let outer = shape.count(of: 0..<axis)
    let middle = shape[axis]
    let inner = shape.count(of: axis + 1..<shape.rank)
    let input = detached
    var output = Tensor(zeros: shape.removing(axis))
    output.withUnsafeMutablePointer { out in
      if inner == 1 {
        vitrine_sum_columns(input.storage.pointer, out, outer, middle)
      } else {
        for block in 0..<outer {
          vitrine_sum_rows(
            input.storage.pointer + block * middle * inner, out + block * inner, middle, inner)
        }
      }
    }
    return traced(output, self) { gradient in
      let spread = gradient.viewed(as: input.shape.replacing(axis, with: 1))
      node.accumulate(spread + Tensor(zeros: input.shape))
    }
  }

  /// The mean over one axis, which disappears; a negative axis counts from the last.
  public func mean(axis: Int) -> Tensor { sum(axis: axis) / Scalar(max(shape[axis], 1)) }
}
