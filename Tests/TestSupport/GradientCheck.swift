package import NeuralNetworks
package import Tensors

/// Whether this build is the one that gradients are checked in.
package let isDoublePrecision = Scalar.self == Double.self

/// The worst disagreement that a gradient check met.
package struct GradientMismatch: CustomStringConvertible {
  /// Infinite until something is compared, and after a comparison with NaN.
  package private(set) var relativeError = Double.infinity
  package private(set) var analytic = 0.0
  package private(set) var numeric = 0.0
  package private(set) var place = "nothing was compared"
  package private(set) var compared = 0

  package init() {}

  package var description: String {
    "\(place): analytic \(analytic), numeric \(numeric), relative error \(relativeError)"
      + " (worst of \(compared))"
  }

  /// Takes one element of a gradient into account.
  package mutating func compare(_ analytic: Double, _ numeric: Double, at place: String) {
    let difference = abs(analytic - numeric) / max(1e-3, abs(analytic), abs(numeric))
    // No comparison holds for NaN: the next element would replace it.
    let error = difference.isNaN ? .infinity : difference
    if compared == 0 || error > relativeError {
      (relativeError, self.analytic, self.numeric, self.place) = (error, analytic, numeric, place)
    }
    compared += 1
  }
}

/// Compares the tape's gradient of `function` with central differences, element by element.
///
/// The outputs are reduced to one number with fixed random weights, so that no error can cancel.
package func checkGradients(
  of function: ([Tensor]) -> Tensor, at inputs: [Tensor], step: Scalar = 1e-5
) -> GradientMismatch {
  let probe = function(inputs)
  var random = RandomStream(seed: 77)
  let weights = Tensor(uniform: 1, shape: probe.shape, random: &random)
  let pass = Pass.training(seed: 1)
  let parameters = inputs.map { Parameter($0) }
  let traced = parameters.map(pass.read)
  let gradients = pass.gradients(of: (function(traced) * weights).sum())

  var mismatch = GradientMismatch()
  for (index, input) in inputs.enumerated() {
    let analytic = gradients.dense(parameters[index])
    for element in 0..<input.count {
      func value(_ delta: Scalar) -> Double {
        var moved = inputs
        moved[index].withMutableSpan { $0[element] += delta }
        return Double((function(moved) * weights).sum().item())
      }
      let numeric = (value(step) - value(-step)) / Double(2 * step)
      mismatch.compare(
        Double(analytic.span[element]), numeric, at: "input \(index), element \(element)")
    }
  }
  return mismatch
}

/// Compares the gradient of a whole model's loss with central differences on randomly chosen
/// elements of every parameter.
///
/// `loss` must be deterministic: it is called with passes of one seed.
package func checkGradients(
  of model: some Module, samples: Int = 50, step: Scalar = 1e-5, loss: (Pass) -> Tensor
) -> GradientMismatch {
  let pass = Pass.training(seed: 5)
  let gradients = pass.gradients(of: loss(pass))
  var random = RandomStream(seed: 99)
  var mismatch = GradientMismatch()
  let entries = ParameterList(model).entries.filter(\.parameter.trainable)
  for entry in entries {
    let analytic = gradients.dense(entry.parameter)
    for _ in 0..<max(1, samples / entries.count) {
      let element = random.next(below: analytic.count)
      let original = entry.parameter.value
      func value(_ delta: Scalar) -> Double {
        var moved = original
        moved.withMutableSpan { $0[element] += delta }
        entry.parameter.value = moved
        defer { entry.parameter.value = original }
        return Double(loss(Pass.training(seed: 5)).item())
      }
      let numeric = (value(step) - value(-step)) / Double(2 * step)
      mismatch.compare(
        Double(analytic.span[element]), numeric, at: "\(entry.name), element \(element)")
    }
  }
  return mismatch
}
