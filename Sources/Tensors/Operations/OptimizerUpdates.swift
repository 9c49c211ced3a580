import CKernels

/// The arithmetic of one step of gradient descent with momentum, for whole tensors and for single
/// rows.
package struct SGDUpdate {
  let learningRate: Scalar
  let momentum: Scalar
  let nesterov: Bool
  let weightDecay: Scalar

  package init(learningRate: Scalar, momentum: Scalar, nesterov: Bool, weightDecay: Scalar) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  package func apply(
    _ gradient: Gradients.Entry, to weight: inout Tensor, velocity: inout Tensor
  ) {
    precondition(
      velocity.shape == weight.shape, "velocity \(velocity.shape) of \(weight.shape)")
    weight.makeUnique()
    velocity.makeUnique()
    let (w, v) = (weight.storage.pointer, velocity.storage.pointer)
    gradient.forEachRun(in: weight) { offset, values, count in
      vitrine_sgd(
        w + offset, v + offset, values, count, learningRate, momentum, weightDecay,
        nesterov ? 1 : 0)
    }
  }
}

/// The arithmetic of one Adam step, with or without decoupled weight decay.
package struct AdamUpdate {
  let stepSize: Scalar
  let beta1: Scalar
  let beta2: Scalar
  let correction2: Scalar
  let epsilon: Scalar
  let keep: Scalar

  /// `keep` is what weight decay leaves of a weight: 1 - learning rate · decay.
  package init(
    stepSize: Scalar, beta1: Scalar, beta2: Scalar, correction2: Scalar, epsilon: Scalar,
    keep: Scalar
  ) {
    self.stepSize = stepSize
    self.beta1 = beta1
    self.beta2 = beta2
    self.correction2 = correction2
    self.epsilon = epsilon
    self.keep = keep
  }

  package func apply(
    _ gradient: Gradients.Entry, to weight: inout Tensor, first: inout Tensor,
    second: inout Tensor
  ) {
    precondition(
      first.shape == weight.shape && second.shape == weight.shape,
      "moments \(first.shape) and \(second.shape) of \(weight.shape)")
    weight.makeUnique()
    first.makeUnique()
    second.makeUnique()
    let (w, m, v) = (weight.storage.pointer, first.storage.pointer, second.storage.pointer)
    if case .rows(let rows) = gradient {
      let width = rows.checkedWidth(in: weight.shape)
      let values = rows.values.storage.pointer
      rows.rows.withUnsafeBufferPointer { numbers in
        guard let numbers = numbers.baseAddress else { return }
        overRows(rows.rows.count, width: width) { piece in
          vitrine_adam_rows(
            w, m, v, numbers + piece.lowerBound, values + piece.lowerBound * width, piece.count,
            width, stepSize, beta1, beta2, correction2, epsilon, keep)
        }
      }
      return
    }
    gradient.forEachRun(in: weight) { offset, values, count in
      vitrine_adam(
        w + offset, m + offset, v + offset, values, count, stepSize, beta1, beta2, correction2,
        epsilon, keep)
    }
  }
}

/// The arithmetic of one Adagrad step.
package struct AdagradUpdate {
  let learningRate: Scalar
  let epsilon: Scalar

  package init(learningRate: Scalar, epsilon: Scalar) {
    self.learningRate = learningRate
    self.epsilon = epsilon
  }

  package func apply(
    _ gradient: Gradients.Entry, to weight: inout Tensor, accumulator: inout Tensor
  ) {
    precondition(
      accumulator.shape == weight.shape, "accumulator \(accumulator.shape) of \(weight.shape)")
    weight.makeUnique()
    accumulator.makeUnique()
    let (w, a) = (weight.storage.pointer, accumulator.storage.pointer)
    gradient.forEachRun(in: weight) { offset, values, count in
      vitrine_adagrad(w + offset, a + offset, values, count, learningRate, epsilon)
    }
  }
}

extension Tensor {
  /// Goes `share` of the way to another tensor, in place: `self += share · (other - self)`.
  package mutating func approach(_ other: Tensor, by share: Scalar) {
    precondition(shape == other.shape, "approaching \(other.shape) from \(shape)")
    makeUnique()
    let (x, y) = (other.storage.pointer, storage.pointer)
    overPieces(of: count) { piece in
      vitrine_approach(share, x + piece.lowerBound, y + piece.lowerBound, piece.count)
    }
  }
}

extension Gradients.Entry {
  /// Visits the contiguous stretches of a parameter that have a gradient, those of a large
  /// gradient side by side.
  func forEachRun(
    in weight: Tensor,
    _ body: (_ offset: Int, _ values: UnsafePointer<Scalar>, _ count: Int) -> Void
  ) {
    switch self {
    case .dense(let gradient):
      precondition(gradient.shape == weight.shape, "gradient \(gradient.shape) of \(weight.shape)")
      let values = gradient.storage.pointer
      overPieces(of: weight.count) { piece in
        body(piece.lowerBound, values + piece.lowerBound, piece.count)
      }
    case .rows(let gradient):
      let width = gradient.checkedWidth(in: weight.shape)
      overRows(gradient.rows.count, width: width) { piece in
        for index in piece {
          body(
            Int(gradient.rows[index]) * width, gradient.values.storage.pointer + index * width,
            width)
        }
      }
    }
  }
}

/// Cuts distinct rows into ranges and calls `body` once for each, side by side if there are many.
private func overRows(_ count: Int, width: Int, _ body: (Range<Int>) -> Void) {
  let piece = 1 << 12
  // A row out of the cache costs as much as some dozen elements.
  overCores((count + piece - 1) / piece, elements: count * max(width, 16)) { index in
    body(index * piece..<min((index + 1) * piece, count))
  }
}
