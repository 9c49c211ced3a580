import CKernels

extension Tensor {
  /// e^x
  public func exp() -> Tensor { apply(VITRINE_EXP) }
  /// Natural logarithm.
  public func log() -> Tensor { apply(VITRINE_LOG) }
  /// √x
  public func sqrt() -> Tensor { apply(VITRINE_SQRT) }
  /// x²
  public func square() -> Tensor { apply(VITRINE_SQUARE) }
  /// max(x, 0); its slope at 0 is taken as 0.
  public func relu() -> Tensor { apply(VITRINE_RELU) }
  /// 1 / (1 + e^-x)
  public func sigmoid() -> Tensor { apply(VITRINE_SIGMOID) }
  /// Hyperbolic tangent.
  public func tanh() -> Tensor { apply(VITRINE_TANH) }
  /// log(1 + e^x), without overflow.
  public func softplus() -> Tensor { apply(VITRINE_SOFTPLUS) }

  private func apply(_ function: vitrine_unary) -> Tensor {
    let input = detached
    let output = Tensor.unsafeUninitialized(shape) { out in
      vitrine_apply_unary(function, input.storage.pointer, out, count)
    }
    return traced(output, self) { gradient in
      node.accumulate(
        Tensor.unsafeUninitialized(shape) { out in
          vitrine_unary_gradient(
            function, input.storage.pointer, output.storage.pointer, gradient.storage.pointer, out,
            input.count)
        })
    }
  }
}
