import NeuralNetworks
import Tensors
import Testing

/// The optimizers against PyTorch's, element by element over five steps and two groups.
struct OptimizerGoldenTests {
  private let rate: Scalar = 0.1

  private func makeOptimizer(_ name: String, _ groups: [ParameterGroup]) -> any Optimizer {
    switch name {
    case "adamw": Adam(groups, learningRate: rate, beta1: 0.9, beta2: 0.99, epsilon: 1e-8)
    case "sgd": SGD(groups, learningRate: rate, momentum: 0)
    default: SGD(groups, learningRate: rate, momentum: 0.9, nesterov: name == "nesterov")
    }
  }

  private func gradient(step: Int, group: Int, position: Int) -> Scalar {
    let value = 0.5 * Double(step * (position + 1)) - Double(group) * 0.3
    return Scalar(group == 0 ? value : -value)
  }

  @Test(arguments: Self.goldens.keys.sorted())
  func followsPyTorch(name: String) throws {
    let parameters = [Parameter(Tensor([1, -2, 3])), Parameter(Tensor([0.5, -0.25]))]
    let optimizer = makeOptimizer(
      name,
      [
        ParameterGroup(parameters: [parameters[0]], weightDecay: 0.05),
        ParameterGroup(parameters: [parameters[1]], learningRateFactor: 0.1),
      ])
    let golden = try #require(Self.goldens[name])
    for (index, expected) in golden.enumerated() {
      var gradients = Gradients()
      for (group, parameter) in parameters.enumerated() {
        gradients[parameter] = .dense(
          Tensor(
            (0..<parameter.value.count).map {
              gradient(step: index + 1, group: group, position: $0)
            }))
      }
      optimizer.step(gradients)
      let found = parameters.flatMap { $0.value.scalars.map(Double.init) }
      for (a, b) in zip(found, expected) { #expect(abs(a - b) < 3e-6, "step \(index + 1)") }
      #expect(found.count == expected.count)
    }
  }

  /// Written by tools/reference/optimizers.py.
  private static let goldens: [String: [[Double]]] = [
    "sgd": [
      [0.945000000000, -2.090000000000, 2.835000000000, 0.502000000000, -0.243000000000],
      [0.840275000000, -2.279550000000, 2.520825000000, 0.509000000000, -0.226000000000],
      [0.686073625000, -2.568152250000, 2.058220875000, 0.521000000000, -0.199000000000],
      [0.482643256875, -2.955311488750, 1.447929770625, 0.538000000000, -0.162000000000],
      [0.230230040591, -3.440534931306, 0.690690121772, 0.560000000000, -0.115000000000],
    ],
    "momentum": [
      [0.945000000000, -2.090000000000, 2.835000000000, 0.502000000000, -0.243000000000],
      [0.790775000000, -2.360550000000, 2.372325000000, 0.510800000000, -0.219700000000],
      [0.498018625000, -2.892242250000, 1.494055875000, 0.530720000000, -0.171730000000],
      [0.032047794375, -3.756304063750, 0.096143383125, 0.565648000000, -0.091557000000],
      [-0.637486192159, -5.015178175806, -1.912458576478, 0.619083200000, 0.027598700000],
    ],
    "nesterov": [
      [0.895500000000, -2.171000000000, 2.686500000000, 0.503800000000, -0.236700000000],
      [0.652442750000, -2.603275500000, 1.957328250000, 0.518720000000, -0.198730000000],
      [0.236522768875, -3.367361832750, 0.709568306625, 0.548648000000, -0.128557000000],
      [-0.382116188067, -4.524764334564, -1.146348564200, 0.597083200000, -0.019401300000],
      [-1.229196793068, -6.128594453265, -3.687590379204, 0.667174880000, 0.134838830000],
    ],
    "adamw": [
      [0.895000002000, -2.089999999000, 2.885000000667, 0.509999999500, -0.240000000143],
      [0.794137515146, -2.175937486457, 2.774187513008, 0.518978041087, -0.230583586401],
      [0.694613424745, -2.260611202292, 2.664763172030, 0.528016642252, -0.221227552783],
      [0.595459450548, -2.344989053701, 2.555758448632, 0.537185782738, -0.211823317153],
      [0.496232429066, -2.429513832951, 2.446729931775, 0.546496326270, -0.202332210113],
    ],
  ]
}
