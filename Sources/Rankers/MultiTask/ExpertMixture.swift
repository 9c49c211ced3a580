package import NeuralNetworks
package import Tensors

/// Experts, and gates that choose among them anew for every row: `Σ gᵢ fᵢ(x)` with `g = softmax(x W)`.
///
/// Each expert starts from weights of its own: experts that start alike stay alike.
package struct ExpertMixture: Module {
  private let experts: [MultilayerPerceptron]
  package let gates: [Linear]
  private let gateDropout: Scalar
  private let entropyBonus: Scalar

  package init(
    inputs: Int, _ shape: ExpertShape, gates count: Int, dropout: Double,
    random: inout RandomStream
  ) {
    var experts: [MultilayerPerceptron] = []
    for _ in 0..<shape.experts {
      experts.append(
        MultilayerPerceptron(
          inputs: inputs, hidden: shape.expert, outputs: nil, dropout: Scalar(dropout),
          random: &random))
    }
    self.experts = experts
    var gates: [Linear] = []
    for _ in 0..<count {
      gates.append(Linear(inputs: inputs, outputs: shape.experts, bias: false, random: &random))
    }
    self.gates = gates
    gateDropout = Scalar(shape.gateDropout)
    entropyBonus = Scalar(shape.entropyBonus)
  }

  /// The width of a mixed row.
  package var outputs: Int { experts[0].outputs }

  /// Rows `[count, inputs]` as each gate mixes them, `[count, outputs]`, and what the entropy of the
  /// gates adds to the loss.
  package func callAsFunction(_ x: Tensor, _ pass: Pass) -> (mixed: [Tensor], penalty: Tensor?) {
    let opinions = concatenate(
      experts.map { $0(x, pass).reshaped([x.shape[0], 1, outputs]) }, axis: 1)
    var entropies: [Tensor] = []
    let mixed = gates.map { gate -> Tensor in
      let logits = gate(x, pass)
      if entropyBonus > 0 { entropies.append(entropy(logits)) }
      let shares = softmax(logits, mask: keptExperts(rows: x.shape[0], pass))
      return matmul(shares.reshaped([x.shape[0], 1, experts.count]), opinions)
        .reshaped([x.shape[0], outputs])
    }
    guard let first = entropies.first else { return (mixed, nil) }
    let total = entropies.dropFirst().reduce(first, +)
    return (mixed, total * (-entropyBonus / Scalar(entropies.count)))
  }

  /// How much each gate uses each expert: `[count, experts]`.
  package func shares(of x: Tensor, _ pass: Pass) -> [Tensor] {
    gates.map { softmax($0(x, pass)) }
  }

  /// The mean entropy of a gate's shares, in nats.
  private func entropy(_ logits: Tensor) -> Tensor {
    -(softmax(logits) * logSoftmax(logits)).sum() / Scalar(logits.shape[0])
  }

  /// Which experts a row may use in this step: in training each is left out at random, and the shares
  /// of the others grow (Zhao et al., RecSys 2019). A row that lost all of them keeps all.
  private func keptExperts(rows: Int, _ pass: Pass) -> [Bool]? {
    guard pass.isTraining, gateDropout > 0 else { return nil }
    var random = pass.random
    var kept: [Bool] = []
    kept.reserveCapacity(rows * experts.count)
    for _ in 0..<rows {
      let row = experts.map { _ in random.nextUniform() >= gateDropout }
      kept += row.contains(true) ? row : row.map { _ in true }
    }
    pass.random = random
    return kept
  }

  package func collect(into list: inout ParameterList) {
    list.add("experts", experts)
    list.add("gates", gates)
  }
}
