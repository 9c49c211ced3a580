import Foundation
import Images
import NeuralNetworks
import Tensors
import VisualEncoder

/// What `tools/reference/training.py` computed for one network.
struct TrainingGolden {
  private let tensors: [String: StoredTensor]
  /// Whether only norms, largest magnitudes and some entries are stored.
  private let isCondensed: Bool

  init(_ name: String, isCondensed: Bool = false) throws {
    let path = Golden.folder.appendingPathComponent("training-\(name).safetensors").path
    tensors = try SafetensorsFile.read(path).tensors
    self.isCondensed = isCondensed
  }

  var losses: [Double] { tensors["losses"]?.tensor.scalars.map { Double($0) } ?? [] }

  /// Names of the stored tensors of one kind, without that prefix.
  func names(_ kind: String) -> Set<String> {
    Set(
      tensors.keys.filter { $0.hasPrefix(kind + ".") }.map { String($0.dropFirst(kind.count + 1)) })
  }

  /// The largest difference as a share of the largest expected magnitude.
  func error(_ name: String, _ actual: Tensor) -> Double {
    guard let expected = tensors[name]?.floats.map({ Double($0) }) else { return .infinity }
    let values = actual.scalars.map { Double($0) }
    guard isCondensed(name) else { return worst(values, expected) / scale(name) }
    let places = min(8, values.count)
    let entries = (0..<places).map { values[$0 * values.count / places] }
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return max(
      abs(norm - expected[0]) / max(expected[0], scale(name)),
      worst(entries, Array(expected[2...])) / scale(name))
  }

  private func isCondensed(_ name: String) -> Bool { isCondensed && name.contains(".") }

  /// The gradient of a gate's shift is one sum over all pixels, which may cancel to next to nothing:
  /// its factor, a sum over the same pixels, tells how exact it can be.
  private func scale(_ name: String) -> Double {
    let gate = "spatial.bn."
    guard name.hasPrefix("gradient."), let range = name.range(of: gate) else {
      return largest(name)
    }
    let stem = name[..<range.upperBound]
    return max(largest(stem + "weight"), largest(stem + "bias"))
  }

  private func largest(_ name: String) -> Double {
    let stored = tensors[name]?.floats ?? []
    return Double(isCondensed(name) ? stored[1] : stored.reduce(0) { max($0, abs($1)) })
  }

  private func worst(_ actual: [Double], _ expected: [Double]) -> Double {
    guard actual.count == expected.count else { return .infinity }
    return zip(actual, expected).reduce(0) { worst, pair in
      pair.0.isFinite ? max(worst, abs(pair.0 - pair.1)) : .infinity
    }
  }
}

/// A network with the reference's weights, its input and its target.
struct TrainingCase {
  let parameters: ParameterList
  let input: Parameter
  private let prefix: String
  private let forward: (Tensor, Pass) -> Tensor

  /// - Parameter prefix: of the names that weights are drawn by.
  init(
    _ module: some Module, prefix: String, input shape: [Int],
    forward: @escaping (Tensor, Pass) -> Tensor
  ) {
    parameters = ParameterList(module)
    for entry in parameters.entries {
      let shape = entry.parameter.value.shape.dimensions
      entry.parameter.value = ReferenceWeights.tensor(prefix + entry.name, shape).tensor
    }
    input = Parameter(drawn(prefix + "input", shape, within: 2))
    self.prefix = prefix
    self.forward = forward
  }

  /// One forward and backward pass to the mean square of what is off the target.
  func run() -> (output: Tensor, loss: Double, gradients: Gradients, pass: Pass) {
    let pass = Pass.training(seed: 1)
    let output = forward(pass.read(input), pass)
    let difference = output - drawn(prefix + "target", output.shape.dimensions, within: 1)
    let loss = (difference * difference).mean()
    return (output.detached, Double(loss.item()), pass.gradients(of: loss), pass)
  }

  /// The reference's three steps.
  /// - Returns: the loss ahead of each.
  func train() -> [Double] {
    let trainable = parameters.trainable
    let optimizer = SGD(
      [ParameterGroup(parameters: trainable, weightDecay: 1e-4)], learningRate: 0.1, momentum: 0.9)
    return (0..<3).map { _ in
      let result = run()
      // PyTorch's gradients of codes are whole, so that codes of absent categories decay.
      var gradients = result.gradients
      for parameter in trainable { gradients[parameter] = .dense(gradients.dense(parameter)) }
      optimizer.step(gradients)
      result.pass.applyObservations()
      return result.loss
    }
  }
}

/// Numbers within -reach ... reach, as the reference draws them.
func drawn(_ name: String, _ shape: [Int], within reach: Double) -> Tensor {
  let values = ReferenceWeights.uniform(name, shape.reduce(1, *)).map { (2 * $0 - 1) * reach }
  return Tensor(values.map { Scalar($0) }, shape: Shape(shape))
}
