import NeuralNetworks
import Tensors

/// The weights of a `Seq2Slate` model as the loops that serve want them.
package struct Seq2SlateWeights: Sendable {
  let candidates: CandidateRows.Weights
  let input: PanelWeights
  /// Columns in gate order.
  let encoderInput: PanelWeights
  let encoderRecurrent: PanelWeights
  /// Reads what was chosen last and the hidden state, one behind the other.
  let decoder: PanelWeights
  /// What the decoder reads before anything was chosen: [width].
  let go: [Scalar]
  let keys: PanelWeights
  let queries: PanelWeights
  /// [cells], padded.
  let vector: [Scalar]
  let novelty: NoveltyWeights?

  package init(_ model: Seq2Slate) {
    let order = PanelWeights.gateOrder(cells: model.configuration.cells)
    let gates = 4 * PanelWeights.width
    candidates = CandidateRows.Weights(model.candidates, model.features, model.configuration)
    input = PanelWeights(model.input.weight.value, bias: model.input.bias?.value)
    encoderInput = PanelWeights(
      model.encoder.inputWeight.value, bias: model.encoder.bias.value, order: order)
    encoderRecurrent = PanelWeights(
      model.encoder.recurrentWeight.value, order: order, panel: gates)
    decoder = PanelWeights(
      concatenate(
        [model.decoder.inputWeight.value, model.decoder.recurrentWeight.value], axis: 1),
      bias: model.decoder.bias.value, order: order, panel: gates)
    go = model.go.value.scalars
    keys = PanelWeights(model.attention.encoder.weight.value)
    queries = PanelWeights(model.attention.decoder.weight.value)
    let vector = model.attention.vector.value.scalars
    self.vector = vector + [Scalar](repeating: 0, count: keys.columns - vector.count)
    novelty = model.novelty.map(NoveltyWeights.init)
  }
}
