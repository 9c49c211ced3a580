import Foundation

extension BoostedTrees.Objective {
  /// Whether it compares the rows of a request.
  var ranks: Bool {
    switch self {
    case .logistic, .squaredError: false
    case .pairwise, .ndcg, .averagePrecision, .lambdaMART: true
    }
  }

  /// Whether XGBoost draws its pairs, which it does differently for other numbers of threads.
  var drawsPairs: Bool { ranks && self != .lambdaMART }
}

extension BoostedTrees.Configuration {
  /// Threads of the training.
  var threads: Int {
    if nthread > 0 { return nthread }
    return objective.drawsPairs ? 2 : min(ProcessInfo.processInfo.activeProcessorCount, 256)
  }

  /// What XGBoost is told before the first round.
  func parameters(_ columns: FeatureColumns) -> [(key: String, value: String)] {
    let childWeight = minChildWeight ?? (objective == .lambdaMART ? 0.1 : 1)
    var parameters = [
      // Gradients of our own come without an objective; this one leaves margins as they are.
      ("objective", objective == .lambdaMART ? "rank:pairwise" : objective.rawValue),
      ("disable_default_eval_metric", "1"), ("verbosity", "0"), ("nthread", "\(threads)"),
      ("eta", "\(eta)"), ("max_depth", "\(maxDepth)"), ("min_child_weight", "\(childWeight)"),
      ("subsample", "\(subsample)"), ("colsample_bytree", "\(colsampleByTree)"),
      ("colsample_bylevel", "\(colsampleByLevel)"), ("colsample_bynode", "\(colsampleByNode)"),
      ("lambda", "\(lambda)"), ("alpha", "\(alpha)"), ("gamma", "\(gamma)"),
      ("max_delta_step", "\(maxDeltaStep)"), ("tree_method", treeMethod.rawValue),
      ("max_leaves", "\(maxLeaves)"), ("max_cat_to_onehot", "\(maxCatToOnehot)"),
    ]
    if treeMethod != .exact {
      parameters += [("max_bin", "\(maxBin)"), ("grow_policy", growPolicy.rawValue)]
    }
    if objective == .logistic { parameters.append(("scale_pos_weight", "\(scalePosWeight)")) }
    if let baseScore { parameters.append(("base_score", "\(baseScore)")) }
    if !monotone.isEmpty {
      let signs = columns.names.map { "\(monotone[$0] ?? 0)" }
      parameters.append(("monotone_constraints", "(\(signs.joined(separator: ",")))"))
    }
    return parameters
  }

  /// What XGBoost is told before a round in which it draws rows or columns, so that the draws depend
  /// on the seed and the round alone, and a training that was stopped goes on as it would have.
  ///
  /// The generator of columns lives as long as the updater of the trees, which is made anew whenever
  /// its name changes, if only by a comma.
  func draws(round: Int, seed: UInt64) -> [(key: String, value: String)] {
    guard
      [subsample, colsampleByTree, colsampleByLevel, colsampleByNode].contains(where: { $0 < 1 })
    else { return [] }
    let updater =
      switch treeMethod {
      case .histogram: "grow_quantile_histmaker"
      case .approximate: "grow_histmaker"
      case .exact: "grow_colmaker,prune"
      }
    let mixed = (seed &* 1_000_003 &+ UInt64(round)) &* 0x9E37_79B9_7F4A_7C15
    return [("seed", "\(mixed >> 33)"), ("updater", round % 2 == 0 ? updater : "\(updater),")]
  }
}
