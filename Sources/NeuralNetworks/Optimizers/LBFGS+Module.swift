package import Tensors

extension LBFGS {
  /// Minimises a deterministic loss over all trainable parameters of a module, and leaves them at the
  /// minimum. With `Float` parameters the precision of the loss, about 1e-7, is the limit.
  @discardableResult
  package func minimize(_ module: some Module, _ loss: (Pass) -> Tensor) -> Minimum {
    let parameters = ParameterList(module).trainable
    let start = parameters.flatMap { $0.value.scalars.map { Double($0) } }
    let minimum = minimize(from: start) { point in
      parameters.place(point)
      let pass = Pass.training(seed: 0)
      let value = loss(pass)
      let gradients = pass.gradients(of: value)
      return (
        Double(value.item()),
        parameters.flatMap { gradients.dense($0).scalars.map { Double($0) } }
      )
    }
    parameters.place(minimum.point)
    return minimum
  }
}

extension [Parameter] {
  fileprivate func place(_ point: [Double]) {
    var start = 0
    for parameter in self {
      let shape = parameter.value.shape
      let end = start + shape.count
      parameter.value = Tensor(point[start..<end].map { Scalar($0) }, shape: shape)
      start = end
    }
  }
}
