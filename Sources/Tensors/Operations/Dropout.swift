/// Zeroes each element with probability `rate` and scales the others by 1 / (1 - rate), in
/// training only (Srivastava et al., 2014).
public func dropout(_ x: Tensor, rate: Scalar, _ pass: Pass) -> Tensor {
  precondition(rate >= 0 && rate < 1, "a dropout rate of \(rate)")
  guard pass.isTraining, rate > 0 else { return x }
  let kept = 1 / (1 - rate)
  var random = pass.random
  let mask = Tensor(shape: x.shape) { out in
    for index in out.indices { out[index] = random.nextUniform() < rate ? 0 : kept }
  }
  pass.random = random
  return x * mask
}
