import CKernels

extension Tensor {
  /// The same elements under another shape of equal count. O(1).
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "reshaping \(self.shape) to \(shape)")
    let original = self.shape
    return traced(viewed(as: shape), self) { node.accumulate($0.viewed(as: original)) }
  }

  /// Swaps the last two axes; copies.
  public func transposed() -> Tensor {
    precondition(shape.rank >= 2, "transposing shape \(shape)")
    let (rows, columns) = (shape[-2], shape[-1])
    let batches = rows * columns == 0 ? 0 : count / (rows * columns)
    let swapped = shape.replacing(-2, with: columns).replacing(-1, with: rows)
    let source = storage.pointer
    let output = Tensor.unsafeUninitialized(swapped) { out in
      for batch in 0..<batches {
        let (from, to) = (source + batch * rows * columns, out + batch * rows * columns)
        for row in 0..<rows {
          for column in 0..<columns { to[column * rows + row] = from[row * columns + column] }
        }
      }
    }
    return traced(output, self) { node.accumulate($0.transposed()) }
  }

  /// Part of one axis.
  public func slice(axis: Int, _ range: Range<Int>) -> Tensor {
    let axis = shape.resolved(axis)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "slice \(range) of axis \(axis) of shape \(shape)")
    let outer = shape.count(of: 0..<axis)
    let inner = shape.count(of: axis + 1..<shape.rank)
    let (whole, part) = (shape[axis] * inner, range.count * inner)
    let offset = range.lowerBound * inner
    let source = storage.pointer
    let input = shape
    let output = Tensor.unsafeUninitialized(shape.replacing(axis, with: range.count)) { out in
      for block in 0..<outer {
        (out + block * part).initialize(from: source + block * whole + offset, count: part)
      }
    }
    return traced(output, self) { gradient in
      var spread = Tensor(zeros: input)
      spread.withUnsafeMutablePointer { out in
        for block in 0..<outer {
          (out + block * whole + offset).update(
            from: gradient.storage.pointer + block * part, count: part)
        }
      }
      node.accumulate(spread)
    }
  }

  /// Rows along the first axis: [rows.count, ...]; row -1 reads as zeros.
  public func gatherRows(_ rows: [Int32]) -> Tensor {
    let height = Int32(shape[0])
    precondition(
      rows.allSatisfy { $0 >= -1 && $0 < height }, "a row outside -1 ..< \(height) of \(shape)")
    let width = shape.count(of: 1..<shape.rank)
    let source = shape
    let output = Tensor.unsafeUninitialized(shape.replacing(0, with: rows.count)) { out in
      vitrine_gather(storage.pointer, rows, out, rows.count, width)
    }
    return traced(output, self) { gradient in
      var spread = Tensor(zeros: source)
      spread.withUnsafeMutablePointer {
        vitrine_scatter_add($0, rows, gradient.storage.pointer, rows.count, width)
      }
      node.accumulate(spread)
    }
  }
}
