import CKernels

/// `x · weightᵀ + bias` for x [..., inputs], weight [outputs, inputs], bias [outputs].
public func linear(_ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
  map(x, weight, bias, rectified: false)
}

/// `max(0, x · weightᵀ + bias)`: the linear map and the rectifier without a tensor between them.
public func rectifiedLinear(_ x: Tensor, _ weight: Tensor, _ bias: Tensor) -> Tensor {
  map(x, weight, bias, rectified: true)
}

/// The bias is added, and the rectifier applied, where the product lies.
private func map(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?, rectified: Bool) -> Tensor {
  precondition(
    weight.shape.rank == 2 && x.shape[-1] == weight.shape[1],
    "linear of input \(x.shape) and weight \(weight.shape)")
  let (outputs, inputs) = (weight.shape[0], weight.shape[1])
  precondition(
    bias.map { $0.shape == [outputs] } ?? true,
    "a bias of shape \(bias?.shape ?? []) for \(outputs) outputs")
  let rows = x.count / max(inputs, 1)
  let flat = x.reshaped([rows, inputs])
  let (input, matrix) = (flat.detached, weight.detached)
  var output = product(input, matrix, false, true)
  if let bias {
    output.withUnsafeMutablePointer {
      vitrine_add_bias($0, bias.storage.pointer, rows, outputs, rectified ? 1 : 0)
    }
  }
  let result = output
  let parents = [flat, weight] + [bias].compactMap { $0 }
  let mapped = traced(result, parents: parents) { gradient in
    var inner = gradient
    if rectified || bias?.node != nil {
      var sums = Tensor(zeros: [outputs])
      if rectified {
        sums.withUnsafeMutablePointer { sums in
          inner = Tensor.unsafeUninitialized(result.shape) {
            vitrine_rectified_gradient(
              result.storage.pointer, gradient.storage.pointer, $0, sums, rows, outputs)
          }
        }
      } else {
        sums.withUnsafeMutablePointer {
          vitrine_sum_rows(gradient.storage.pointer, $0, rows, outputs)
        }
      }
      bias?.node.accumulate(sums)
    }
    flat.node.accumulate(product(inner, matrix, false, false))
    weight.node.accumulate(product(inner, input, true, false))
  }
  return mapped.reshaped(x.shape.replacing(-1, with: outputs))
}
