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

  /// What XGBoost is told. Draws start anew in every round, so that a training that was stopped goes
  /// on as it would have.
  func parameters(_ columns: FeatureColumns, seed: UInt64) -> [(key: String, value: String)] {
    let childWeight = minChildWeight ?? (objective == .lambdaMART ? 1e-3 : 1)
    var parameters = [
      // Gradients of our own come without an objective; this one leaves margins as they are.
      ("objective", objective == .lambdaMART ? "rank:pairwise" : objective.rawValue),
      ("disable_default_eval_metric", "1"), ("verbosity", "0"), ("nthread", "\(threads)"),
      ("seed", "\(Self.drawSeed(seed))"), ("seed_per_iteration", "1"),
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

  /// XGBoost's seeds are whole numbers that it also multiplies; small ones stay what they are.
  static func drawSeed(_ seed: UInt64) -> UInt64 { (seed ^ seed >> 31) & 0x7FFF_FFFF }
}
