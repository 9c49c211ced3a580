import CKernels

/// Pairs of a row of one matrix and a row of another.
public struct RowPairs: Sendable {
  /// The row of the left matrix, one a pair.
  public let left: [Int32]
  /// The row of the right matrix, one a pair.
  public let right: [Int32]

  /// Pairs up two lists of equal length.
  public init(left: [Int32], right: [Int32]) {
    precondition(left.count == right.count, "\(left.count) rows beside \(right.count)")
    self.left = left
    self.right = right
  }

  /// The number of pairs.
  public var count: Int { left.count }

  /// `a[left] + b[right]`: [count, width]. O(count · width).
  public func sums(_ a: Tensor, _ b: Tensor) -> Tensor {
    let width = checkedWidth(a, b)
    let output = Tensor.unsafeUninitialized([count, width]) {
      vitrine_pair_sums(a.storage.pointer, left, b.storage.pointer, right, $0, count, width)
    }
    return traced(output, a, b) { gradient in
      a.node.accumulate(scattered(gradient, to: left, a.shape))
      b.node.accumulate(scattered(gradient, to: right, b.shape))
    }
  }

  /// `a[left] * b[right]`, element by element: [count, width]. O(count · width).
  public func products(_ a: Tensor, _ b: Tensor) -> Tensor {
    let width = checkedWidth(a, b)
    let output = Tensor.unsafeUninitialized([count, width]) {
      vitrine_pair_products(a.storage.pointer, left, b.storage.pointer, right, $0, count, width)
    }
    let (x, y) = (a.detached, b.detached)
    return traced(output, a, b) { gradient in
      a.node.accumulate(product(gradient, by: y, right, to: left, x.shape))
      b.node.accumulate(product(gradient, by: x, left, to: right, y.shape))
    }
  }

  private func checkedWidth(_ a: Tensor, _ b: Tensor) -> Int {
    precondition(
      a.shape.rank == 2 && b.shape.rank == 2 && a.shape[1] == b.shape[1],
      "pairs of rows of \(a.shape) and \(b.shape)")
    checkRows(left, of: a)
    checkRows(right, of: b)
    return a.shape[1]
  }

  private func scattered(_ gradient: Tensor, to rows: [Int32], _ shape: Shape) -> Tensor {
    var spread = Tensor(zeros: shape)
    spread.withUnsafeMutablePointer {
      vitrine_scatter_add($0, rows, gradient.storage.pointer, count, shape[1])
    }
    return spread
  }

  private func product(
    _ gradient: Tensor, by other: Tensor, _ others: [Int32], to rows: [Int32], _ shape: Shape
  ) -> Tensor {
    var spread = Tensor(zeros: shape)
    spread.withUnsafeMutablePointer {
      vitrine_pair_products_gradient(
        gradient.storage.pointer, other.storage.pointer, others, $0, rows, count, shape[1])
    }
    return spread
  }
}
