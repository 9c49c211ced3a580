import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct RecurrentLayerTests {
  @Test func orthogonalBlocksKeepLengths() {
    var random = RandomStream(seed: 2)
    let weight = Tensor(orthogonalBlocks: 3, width: 17, random: &random)
    #expect(weight.shape == [51, 17])
    for block in 0..<3 {
      let own = weight.slice(axis: 0, block * 17..<(block + 1) * 17)
      let product = matmul(own, own, transposeB: true)
      for row in 0..<17 {
        for column in 0..<17 {
          #expect(abs(product.scalars[row * 17 + column] - (row == column ? 1 : 0)) < 1e-5)
        }
      }
    }
  }

  /// Two events through PyTorch's equations, in which reset acts behind the recurrent product.
  @Test func aGRUStepEqualsTheEquations() {
    var random = RandomStream(seed: 3)
    let layer = GRU(inputs: 1, hidden: 1, random: &random)
    for parameter in ParameterList(layer).trainable {
      parameter.value = Tensor(normal: 1, shape: parameter.value.shape, random: &random)
    }
    let (w, u) = (layer.inputWeight.value.scalars, layer.recurrentWeight.value.scalars)
    let (b, c) = (layer.bias.value.scalars, layer.candidateBias.value.item())
    func sigmoid(_ v: Scalar) -> Scalar { Tensor([v]).sigmoid().item() }
    var h: Scalar = 0
    let inputs: [Scalar] = [0.7, -1.3]
    let found = layer.sequence(
      Tensor(inputs, shape: [2, 1]), PackedLists(offsets: [0, 2]), .inference()
    ).scalars
    for (x, state) in zip(inputs, found) {
      let reset = sigmoid(w[0] * x + u[0] * h + b[0])
      let update = sigmoid(w[1] * x + u[1] * h + b[1])
      let candidate = Tensor([w[2] * x + b[2] + reset * (u[2] * h + c)]).tanh().item()
      h = (1 - update) * candidate + update * h
      #expect(abs(state - h) < 1e-6)
    }
  }

  @Test func forgetGatesStartOpen() {
    var random = RandomStream(seed: 3)
    let layer = TimeLSTM(inputs: 2, hidden: 3, random: &random)
    #expect(
      layer.bias.value.scalars == [Scalar](repeating: 0, count: 3) + [1, 1, 1]
        + [Scalar](repeating: 0, count: 12))
    #expect(
      ParameterList(layer).entries.map(\.name) == [
        "weight_ih", "weight_hh", "bias", "interval.weight", "interval.bias", "recency.weight",
        "recency.bias", "weight_interval", "weight_recency",
      ])
  }

  /// Of one number, units without biases would be one odd function at many slopes.
  @Test func timesAreSeenFromManySides() {
    var random = RandomStream(seed: 4)
    let layer = TimeLSTM(inputs: 2, hidden: 64, random: &random)
    for seen in [layer.interval, layer.recency] {
      let biases = seen.bias?.value.scalars ?? []
      #expect(Set(biases).count == 64 && biases.allSatisfy { abs($0) <= 1 })
      #expect(biases.contains { $0 < -0.5 } && biases.contains { $0 > 0.5 })
    }
  }

  @Test(.enabled(if: isDoublePrecision, "gradients are checked in the double-precision build"))
  func gradientsOfATimeLSTMAgreeWithCentralDifferences() {
    var random = RandomStream(seed: 5)
    let layer = TimeLSTM(inputs: 2, hidden: 3, random: &random)
    let lists = PackedLists(offsets: [0, 3, 4, 4, 6])
    let x = Tensor(normal: 1, shape: [6, 2], random: &random)
    let times = Tensor(normal: 1, shape: [6, 1], random: &random)
    let mismatch = checkGradients(of: layer, samples: 120) { pass in
      layer.sequence(x, intervals: times, recencies: -times, lists, pass).hidden.square().sum()
    }
    #expect(mismatch.relativeError < 1e-6, "\(mismatch)")
  }
}
