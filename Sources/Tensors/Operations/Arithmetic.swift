import CKernels

extension Tensor {
  /// Element-wise sum; shapes broadcast from the last dimension.
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    traced(Broadcast(left.shape, right.shape).apply(VITRINE_ADD, left, right), left, right) {
      left.node.accumulate($0.reduced(to: left.shape))
      right.node.accumulate($0.reduced(to: right.shape))
    }
  }

  /// Element-wise difference; shapes broadcast from the last dimension.
  public static func - (left: Tensor, right: Tensor) -> Tensor {
    traced(Broadcast(left.shape, right.shape).apply(VITRINE_SUBTRACT, left, right), left, right) {
      left.node.accumulate($0.reduced(to: left.shape))
      right.node.accumulate((-$0).reduced(to: right.shape))
    }
  }

  /// Element-wise product; shapes broadcast from the last dimension.
  public static func * (left: Tensor, right: Tensor) -> Tensor {
    let (a, b) = (left.detached, right.detached)
    return traced(Broadcast(a.shape, b.shape).apply(VITRINE_MULTIPLY, a, b), left, right) {
      left.node.accumulate(($0 * b).reduced(to: a.shape))
      right.node.accumulate(($0 * a).reduced(to: b.shape))
    }
  }

  /// Element-wise quotient; shapes broadcast from the last dimension.
  public static func / (left: Tensor, right: Tensor) -> Tensor {
    let (a, b) = (left.detached, right.detached)
    let quotient = Broadcast(a.shape, b.shape).apply(VITRINE_DIVIDE, a, b)
    return traced(quotient, left, right) {
      left.node.accumulate(($0 / b).reduced(to: a.shape))
      right.node.accumulate((-($0 * quotient / b)).reduced(to: b.shape))
    }
  }

  /// Every element negated.
  public static prefix func - (operand: Tensor) -> Tensor { operand * -1 }

  /// Every element times a number.
  public static func * (left: Tensor, factor: Scalar) -> Tensor { left.affine(factor, 0) }

  /// Every element times a number.
  public static func * (factor: Scalar, right: Tensor) -> Tensor { right.affine(factor, 0) }

  /// Every element divided by a number.
  public static func / (left: Tensor, divisor: Scalar) -> Tensor { left.affine(1 / divisor, 0) }

  /// Every element plus a number.
  public static func + (left: Tensor, offset: Scalar) -> Tensor { left.affine(1, offset) }

  /// Every element minus a number.
  public static func - (left: Tensor, offset: Scalar) -> Tensor { left.affine(1, -offset) }

  /// `factor * x + offset`
  private func affine(_ factor: Scalar, _ offset: Scalar) -> Tensor {
    let output = Tensor.unsafeUninitialized(shape) { out in
      vitrine_affine(factor, storage.pointer, offset, out, count)
    }
    return traced(output, self) { node.accumulate($0 * factor) }
  }

  /// Adds in place, outside any trace.
  package mutating func add(_ other: Tensor, scaledBy factor: Scalar = 1) {
    precondition(shape == other.shape, "adding \(other.shape) to \(shape)")
    let count = count
    withUnsafeMutablePointer { vitrine_axpy(factor, other.storage.pointer, $0, count) }
  }
}
