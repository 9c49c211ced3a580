/// The arithmetic of one step of FTRL-Proximal, for whole tensors and for single rows.
package struct FTRLUpdate {
  let alpha: Scalar
  let beta: Scalar
  let l1: Scalar
  let l2: Scalar

  package init(alpha: Scalar, beta: Scalar, l1: Scalar, l2: Scalar) {
    self.alpha = alpha
    self.beta = beta
    self.l1 = l1
    self.l2 = l2
  }

  /// The weight that minimises the regularised sum of all gradients so far.
  private func weight(_ z: Scalar, _ q: Scalar) -> Scalar {
    let rest = max(abs(z) - l1, 0)
    return -(z < 0 ? -rest : rest) / ((beta + q.squareRoot()) / alpha + l2)
  }

  package func apply(
    _ gradient: Gradients.Entry, to weight: inout Tensor, z: inout Tensor, squares: inout Tensor
  ) {
    precondition(
      z.shape == weight.shape && squares.shape == weight.shape,
      "state \(z.shape) and \(squares.shape) of \(weight.shape)")
    weight.makeUnique()
    z.makeUnique()
    squares.makeUnique()
    let pointers = (weight.storage.pointer, z.storage.pointer, squares.storage.pointer)
    gradient.forEachRun(in: weight) { offset, values, count in
      let (w, z, q) = (pointers.0 + offset, pointers.1 + offset, pointers.2 + offset)
      for index in 0..<count {
        let gradient = values[index]
        let square = q[index] + gradient * gradient
        let rate = (square.squareRoot() - q[index].squareRoot()) / alpha
        z[index] += gradient - rate * w[index]
        q[index] = square
        w[index] = self.weight(z[index], square)
      }
    }
  }

  /// The state before the first gradient that stands for a weight: `weight` gives it back, if it is
  /// not 0.
  package func start(for weight: Tensor) -> Tensor {
    Tensor(shape: weight.shape) { out in
      let values = weight.span
      for index in out.indices where values[index] != 0 {
        out[index] = -values[index] * (beta / alpha + l2) - (values[index] < 0 ? -l1 : l1)
      }
    }
  }
}
