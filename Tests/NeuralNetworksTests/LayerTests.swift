import NeuralNetworks
import Tensors
import TestSupport
import Testing

/// Whole layers: shapes, names and, in the double-precision build, gradients.
struct LayerTests {
  /// A layer with everything in it.
  struct Everything: Module {
    let embedding: Embedding
    let recurrent: LSTM
    let norm: LayerNorm
    let head: MultilayerPerceptron

    init(seed: UInt64) {
      var random = RandomStream(seed: seed)
      embedding = Embedding(rows: 6, width: 3, scale: 0.5, random: &random)
      recurrent = LSTM(inputs: 3, hidden: 4, random: &random)
      norm = LayerNorm(width: 4)
      head = MultilayerPerceptron(
        inputs: 4, hidden: [5], outputs: 1, dropout: 0.25, random: &random)
    }

    func callAsFunction(_ pass: Pass) -> Tensor {
      var state = LSTM.State(zeros: 2, width: 4)
      for rows: [Int32] in [[1, 2], [3, 1], [0, 5]] {
        state = recurrent.step(embedding(rows, pass), state, pass)
      }
      return head(norm(state.hidden + state.cell, pass), pass).square().sum()
    }

    func collect(into list: inout ParameterList) {
      list.add("embedding", embedding)
      list.add("recurrent", recurrent)
      list.add("norm", norm)
      list.add("head", head)
    }
  }

  @Test(.enabled(if: isDoublePrecision, "gradients are checked in the double-precision build"))
  func gradientsOfAWholeModelAgreeWithCentralDifferences() {
    let model = Everything(seed: 2)
    let mismatch = checkGradients(of: model, samples: 120) { model($0) }
    #expect(mismatch.relativeError < 1e-6, "\(mismatch)")
  }

  @Test func namesAreDottedPaths() {
    let names = ParameterList(Everything(seed: 2)).entries.map(\.name)
    #expect(
      names == [
        "embedding.weight", "recurrent.weight_ih", "recurrent.weight_hh", "recurrent.bias",
        "norm.weight", "norm.bias", "head.layers.0.weight", "head.layers.0.bias",
        "head.layers.1.weight", "head.layers.1.bias",
      ])
  }

  @Test func anLSTMStepEqualsTheEquations() {
    var random = RandomStream(seed: 3)
    let layer = LSTM(inputs: 1, hidden: 1, random: &random)
    let weights = layer.inputWeight.value.scalars
    let recurrent = layer.recurrentWeight.value.scalars
    let bias = layer.bias.value.scalars
    let (x, h, c) = (Scalar(0.7), Scalar(-0.4), Scalar(0.9))
    let gate = (0..<4).map { weights[$0] * x + recurrent[$0] * h + bias[$0] }
    func sigmoid(_ v: Scalar) -> Scalar { Tensor([v]).sigmoid().item() }
    func tanh(_ v: Scalar) -> Scalar { Tensor([v]).tanh().item() }
    let cell = sigmoid(gate[1]) * c + sigmoid(gate[0]) * tanh(gate[2])
    let next = layer.step(
      Tensor([x], shape: [1, 1]),
      .init(hidden: Tensor([h], shape: [1, 1]), cell: Tensor([c], shape: [1, 1])), .inference())
    #expect(abs(next.cell.item() - cell) < 1e-6)
    #expect(abs(next.hidden.item() - sigmoid(gate[3]) * tanh(cell)) < 1e-6)
  }

  @Test func layerNormGivesZeroMeanAndUnitVariance() {
    var random = RandomStream(seed: 4)
    let x = Tensor(uniform: 5, shape: [3, 50], random: &random)
    let y = LayerNorm(width: 50)(x, .inference())
    for row in 0..<3 {
      let values = y.slice(axis: 0, row..<row + 1)
      #expect(abs(values.mean().item()) < 1e-5)
      #expect(abs(values.square().mean().item() - 1) < 1e-3)
    }
  }

  @Test(arguments: [(100, 4), (1, 50)])
  func firstWeightsLieWithinTheirBounds(inputs: Int, outputs: Int) {
    var random = RandomStream(seed: 6)
    let glorot = Linear(inputs: inputs, outputs: outputs, random: &random)
    let fanIn = Linear(
      inputs: inputs, outputs: outputs, initialization: .fanIn, random: &random)
    for (layer, bound) in [
      (glorot, (6 / Scalar(inputs + outputs)).squareRoot()),
      (fanIn, 1 / Scalar(inputs).squareRoot()),
    ] {
      let largest = layer.weight.value.scalars.map(abs).max() ?? 0
      #expect(largest <= bound && largest > 0.8 * bound)
    }
    #expect(glorot.bias?.value.scalars.allSatisfy { $0 == 0 } == true)
    #expect(fanIn.bias?.value.scalars.contains { $0 != 0 } == true)
  }
}
