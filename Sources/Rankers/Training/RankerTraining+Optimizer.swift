package import NeuralNetworks
import Tensors

extension RankerTraining {
  /// How gradients become steps.
  public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
    /// Adam; a table's rows move only in steps that meet them.
    case adam
    /// Adam with decoupled weight decay.
    case adamw
    /// Adagrad, which suits very sparse fields.
    case adagrad
    /// FTRL-Proximal, whose weights stay exactly 0 until they are worth more; for linear models.
    case ftrl
    /// Gradient descent with momentum.
    case sgd

    /// The step length where a configuration names only the method: what suits one is far too much
    /// or too little for another.
    public var usualLearningRate: Double {
      switch self {
      case .adam, .adamw: 0.001
      case .adagrad, .sgd: 0.01
      case .ftrl: 0.1
      }
    }

    /// The decay where a configuration names only the method.
    public var usualWeightDecay: Double { self == .adamw ? 0.01 : 0 }

    /// Whether `weight_decay` means anything to it.
    var decays: Bool { self == .adamw || self == .sgd }
  }

  /// The optimizer of a ranker: that of the plan for all parameters that have none of their own. Tables
  /// of ids wait where a warm start says so.
  ///
  /// - Parameter stepsPerEpoch: steps of an epoch.
  func makeOptimizer(for ranker: some NeuralRanker, stepsPerEpoch: Int) -> any Optimizer {
    let own = ranker.ownOptimizers()
    let taken = Set(own.flatMap(\.parameters).map(ObjectIdentifier.init))
    let entries = ParameterList(ranker).entries.filter(\.parameter.trainable)
    let common = entries.filter { !taken.contains(ObjectIdentifier($0.parameter)) }
    let waiting = frozenEpochs.map { $0 * stepsPerEpoch } ?? 0
    let tables = Set(
      entries.filter { waiting > 0 && !$0.sections.isEmpty }
        .map { ObjectIdentifier($0.parameter) })
    var parts: [any Optimizer] = []
    for waits in [false, true] {
      let group = common.filter { tables.contains(ObjectIdentifier($0.parameter)) == waits }
      var some = group.isEmpty && (waits || !common.isEmpty) ? [] : [makeOptimizer(for: group)]
      for part in own {
        let members = part.parameters.filter { tables.contains(ObjectIdentifier($0)) == waits }
        if !members.isEmpty { some.append(part.make(members)) }
      }
      parts += waits ? some.map { PatientOptimizer($0, steps: waiting) } : some
    }
    return parts.count == 1 ? parts[0] : CombinedOptimizer(parts)
  }

  private func makeOptimizer(for entries: [ParameterList.Entry]) -> any Optimizer {
    let rate = Scalar(learningRate)
    let parameters = entries.map(\.parameter)
    switch optimizer {
    case .adam: return Adam(parameters, learningRate: rate)
    case .adamw: return Adam(Self.groups(entries, decay: weightDecay), learningRate: rate)
    case .adagrad: return Adagrad(parameters, learningRate: rate)
    case .ftrl:
      return FTRL(
        parameters, learningRate: rate, penalties: ftrl.values,
        unpenalized: entries.filter { $0.name.hasSuffix("bias") }.map(\.parameter))
    case .sgd:
      return SGD(
        Self.groups(entries, decay: weightDecay), learningRate: rate, momentum: Scalar(momentum))
    }
  }

  /// Decay is for the weights of layers, which multiply inputs. Tables of ids are exempt: a decay that
  /// only reaches the rows a step meets would shrink an id by how often it is met, not by how little it
  /// is worth. Biases, scales and vectors of missing things are exempt as everywhere; a model's own
  /// `l2` is the penalty on its vectors.
  private static func groups(
    _ entries: [ParameterList.Entry], decay: Double
  ) -> [ParameterGroup] {
    var (decayed, exempt): ([Parameter], [Parameter]) = ([], [])
    for entry in entries {
      if isDecayed(entry) {
        decayed.append(entry.parameter)
      } else {
        exempt.append(entry.parameter)
      }
    }
    return [
      ParameterGroup(parameters: decayed, weightDecay: Scalar(decay)),
      ParameterGroup(parameters: exempt),
    ].filter { !$0.parameters.isEmpty }
  }

  /// Whether weight decay reaches a parameter.
  package static func isDecayed(_ entry: ParameterList.Entry) -> Bool {
    let name = entry.name.split(separator: ".").last ?? ""
    return entry.sections.isEmpty && name.hasPrefix("weight")
      && entry.parameter.value.shape.rank >= 2
  }
}
