package import NeuralNetworks
package import Tensors

/// Predicts the reward of a list's sampled orders from the encoder's last state: one hidden layer.
///
/// It reads the state detached. What it learns never moves the encoder.
package struct RewardCritic: Module {
  private let network: MultilayerPerceptron

  package init(cells: Int, random: inout RandomStream) {
    network = MultilayerPerceptron(
      inputs: cells, hidden: [Self.hidden], outputs: 1, activation: .tanh, random: &random)
  }

  private static let hidden = 64

  /// [lists, 1]
  package func callAsFunction(_ encoded: Seq2Slate.Encoded, _ pass: Pass) -> Tensor {
    network(encoded.state.hidden.detached, pass)
  }

  /// See `Module`.
  package func collect(into list: inout ParameterList) { network.collect(into: &list) }
}

/// What the second stage trains: the model, and what predicts its reward where that is learnt.
package struct PolicyNetworks: Module {
  package let model: Seq2Slate
  package let critic: RewardCritic?

  package init(model: Seq2Slate, critic: RewardCritic?) {
    self.model = model
    self.critic = critic
  }

  /// See `Module`.
  package func collect(into list: inout ParameterList) {
    list.add("model", model)
    if let critic { list.add("critic", critic) }
  }
}
