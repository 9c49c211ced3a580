import CKernels

/// The arithmetic of one Adam step, for whole tensors and for single rows.
package struct AdamUpdate {
  let stepSize: Scalar
  let beta1: Scalar
  let beta2: Scalar
  let correction2: Scalar
  let epsilon: Scalar

  package init(
    stepSize: Scalar, beta1: Scalar, beta2: Scalar, correction2: Scalar, epsilon: Scalar
  ) {
    self.stepSize = stepSize
    self.beta1 = beta1
    self.beta2 = beta2
    self.correction2 = correction2
    self.epsilon = epsilon
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
    gradient.forEachRun(in: weight) { offset, values, count in
      vitrine_adam(
        w + offset, m + offset, v + offset, values, count, stepSize, beta1, beta2, correction2,
        epsilon)
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

extension Gradients.Entry {
  /// Visits the contiguous stretches of a parameter that have a gradient.
  fileprivate func forEachRun(
    in weight: Tensor,
    _ body: (_ offset: Int, _ values: UnsafePointer<Scalar>, _ count: Int) -> Void
  ) {
    switch self {
    case .dense(let gradient):
      precondition(gradient.shape == weight.shape, "gradient \(gradient.shape) of \(weight.shape)")
      body(0, gradient.storage.pointer, weight.count)
    case .rows(let gradient):
      let width = gradient.checkedWidth(in: weight.shape)
      for (index, row) in gradient.rows.enumerated() {
        body(Int(row) * width, gradient.values.storage.pointer + index * width, width)
      }
    }
  }
}
