import NeuralNetworks
import Tensors

extension Seq2SlateTraining {
  /// The second stage: REINFORCE from the best supervised epoch on. The model ends at the best
  /// epoch of both stages.
  ///
  /// - Returns: The epochs of both stages, counted on.
  func reinforced(
    _ plan: Reinforce, _ model: Seq2Slate, after supervised: TrainingRecord,
    _ training: [SlateList], _ validation: [SlateList], _ checkpoint: Checkpoint?,
    _ report: (EpochRecord) -> Void
  ) throws -> TrainingRecord {
    let warm = ParameterList(model).snapshot()
    // The supervised stage has drawn from the seed itself.
    var random = RandomStream(seed: seed).split(2)
    let critic =
      plan.baseline == .critic
      ? RewardCritic(cells: model.configuration.cells, random: &random) : nil
    let networks = PolicyNetworks(model: model, critic: critic)
    let reward = ClickReward(measure: plan.reward, propensity: propensity)
    let optimizer = PolicyOptimizer(
      networks, plan, clipNorm: clipNorm,
      averageReward: try greedyMean(model, validation, top: steps) { reward($0, $1) })
    let trainer = Trainer(epochs: plan.epochs, patience: patience, seed: random.next())
    let first = supervised.epochs.count
    func counted(_ epoch: EpochRecord) -> EpochRecord {
      var epoch = epoch
      epoch.epoch += first
      return epoch
    }

    var entropy = 0.0
    let record = try trainer.fit(
      networks, optimizer: optimizer,
      batches: { epoch in
        entropy = plan.entropy(epoch: epoch)
        return batches(training, epoch: epochs + epoch)
      },
      loss: { lists, pass in
        let gradient = PolicyGradient(
          steps: steps, reward: plan.reward, propensity: propensity,
          baseline: plan.baseline(average: optimizer.averageReward), entropy: entropy,
          samples: plan.samples)
        let loss = shardedLoss(Self.shards(lists), of: networks, pass) { shard, own in
          gradient(networks, Self.batch(shard, model), own, lists: lists.count)
        }
        optimizer.follow(reward: -loss.item())
        return loss
      },
      validate: { try score(model, validation) },
      checkpoint: checkpoint, report: { report(counted($0)) })

    var both = supervised
    both.epochs += record.epochs.map(counted)
    if let best = record.best, best.score > supervised.best?.score ?? -.infinity {
      both.best = counted(best)
    } else {
      ParameterList(model).restore(warm)
    }
    return both
  }
}

extension Seq2SlateTraining.Reinforce {
  fileprivate func baseline(average: Scalar) -> PolicyGradient.Baseline {
    switch baseline {
    case .movingAverage: .constant(Double(average))
    case .critic: .critic
    case .selfCritical: .greedy
    }
  }
}
