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

  /// Rows as each gate mixes them.
  package struct Mixed {
    /// `[count, outputs]` for each gate.
    package let rows: [Tensor]
    /// `[count, experts]` for each gate: how much it uses each expert.
    package let gates: [Tensor]
    /// What the entropy of the gates adds to the loss; nil for nothing.
    package let penalty: Tensor?
  }

  /// O(count · weights of all experts).
  package func callAsFunction(_ rows: DenseRows, _ pass: Pass) -> Mixed {
    let opinions = concatenate(experts.map { rows.through($0, pass) }, axis: 0)
    let count = opinions.shape[0] / experts.count
    // A row's opinions lie `count` rows apart: nothing is moved but by the sum itself.
    let places = (0..<count * experts.count).map { pair in
      Int32(pair % experts.count * count + pair / experts.count)
    }
    let offsets = (0...count).map { Int32($0 * experts.count) }
    let logits = gates.map { rows.through($0, pass) }
    let shares = logits.map { softmax($0, mask: keptExperts(rows: count, pass)) }
    let mixed = shares.map {
      segmentSum($0.reshaped([$0.count]), of: opinions, rows: places, offsets: offsets)
    }
    return Mixed(rows: mixed, gates: shares, penalty: entropyPenalty(logits))
  }

  private func entropyPenalty(_ logits: [Tensor]) -> Tensor? {
    guard entropyBonus > 0 else { return nil }
    let entropies = logits.map(entropy)
    let total = entropies.dropFirst().reduce(entropies[0], +)
    return total * (-entropyBonus / Scalar(entropies.count))
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
