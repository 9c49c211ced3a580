package import Tensors

/// REINFORCE (Williams, 1992) on the orders that a Seq2Slate model draws itself, as a loss:
///
///     (1/B) Σ_b (R_b - b(x_b)) Σ_j ∇ log p(π_j | π_<j)
///
/// is the negative of its gradient, plus that of the entropy bonus, plus that of the critic's
/// squared error. Its *value* is the mean reward, negated: that is what falls as training succeeds.
///
/// R sees the first `steps` places, because no more are served. Lists without clicks are left out
/// of the sums and of B: every order earns them the same.
package struct PolicyGradient: Sendable {
  /// What the reward is compared with. None of these depends on the drawn order, so none changes
  /// the gradient's mean; they only take variance out of it.
  package enum Baseline: Sendable {
    /// The same for all lists: a moving average of rewards, or 0.
    case constant(Double)
    /// The critic's prediction for the list.
    case critic
    /// The reward of the list's greedy order (Rennie et al., CVPR 2017, arXiv 1612.00563).
    case greedy
  }

  /// Places that are decoded.
  package var steps: Int
  let reward: ClickReward
  /// What the reward is compared with.
  package var baseline: Baseline
  /// Weight of the entropy bonus, summed over the steps.
  package var entropy: Double
  /// Orders drawn of each list, over which the gradient is a mean.
  package var samples: Int

  package init(
    steps: Int, reward: Seq2SlateTraining.Reinforce.Reward = .ndcg,
    propensity: ClickPropensity? = nil, baseline: Baseline, entropy: Double = 0, samples: Int = 1
  ) {
    self.steps = steps
    self.reward = ClickReward(measure: reward, propensity: propensity)
    self.baseline = baseline
    self.entropy = entropy
    self.samples = samples
  }

  /// - Parameters:
  ///   - orders: Who chooses them; the model by its own probabilities unless a test says otherwise.
  ///   - lists: B, where the batch is a part of a larger one.
  package func callAsFunction(
    _ networks: PolicyNetworks, _ batch: SlateBatch, _ pass: Pass,
    orders: DecoderPrefix = .samples, lists: Int? = nil
  ) -> Tensor {
    let count = lists ?? batch.lists.count { $0.hasClicks }
    guard count > 0 else { return Tensor(scalar: 0) }
    let model = networks.model
    let encoded = model.encode(batch, pass)
    let predicted = networks.critic.map { $0(encoded, pass) }
    let expected = expectedRewards(model, batch, predicted)
    let share = 1 / Double(count * samples)
    let shares = batch.lists.map { $0.hasClicks ? share : 0 }

    var surrogate = Tensor(scalar: 0)
    var mean = 0.0
    for _ in 0..<samples {
      let rollout = Rollout(model, encoded, batch, steps: steps, by: orders, pass)
      let rewards = zip(batch.lists, rollout.orders).map { reward($0, $1) }
      let weights = shares.indices.map { shares[$0] * (rewards[$0] - expected[$0]) }
      surrogate = surrogate + rollout.negativeLogLikelihood(weights)
      if entropy > 0 { surrogate = surrogate - rollout.entropy(shares.map { $0 * entropy }) }
      if let predicted { surrogate = surrogate + squaredError(predicted, rewards, shares) }
      mean += zip(shares, rewards).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return traced(Tensor(scalar: Scalar(-mean)), surrogate) { surrogate.node.accumulate($0) }
  }

  private func expectedRewards(
    _ model: Seq2Slate, _ batch: SlateBatch, _ predicted: Tensor?
  ) -> [Double] {
    switch baseline {
    case .constant(let value):
      return [Double](repeating: value, count: batch.lists.count)
    case .critic:
      guard let predicted else { preconditionFailure("the baseline critic needs a critic") }
      return predicted.scalars.map { Double($0) }
    case .greedy:
      let pass = Pass.inference()
      let greedy = Rollout(
        model, model.encode(batch, pass), batch, steps: steps, by: .greedy, pass)
      return zip(batch.lists, greedy.orders).map { reward($0, $1) }
    }
  }

  private func squaredError(
    _ predicted: Tensor, _ rewards: [Double], _ shares: [Double]
  ) -> Tensor {
    let shape: Shape = [rewards.count, 1]
    let errors = predicted - Tensor(rewards.map { Scalar($0) }, shape: shape)
    return (errors * errors * Tensor(shares.map { Scalar($0) }, shape: shape)).sum()
  }
}
