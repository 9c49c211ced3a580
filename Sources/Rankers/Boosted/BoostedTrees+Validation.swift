extension BoostedTrees.Configuration {
  /// See `RankerConfiguration`: XGBoost takes some of these and returns NaN, ignores the key, or
  /// takes the process down.
  public func validate() throws(RankerError) {
    try check("rounds", rounds, 1...100_000)
    try check("early_stopping", earlyStopping, 0...100_000)
    try check("eta", eta, 1e-6...1)
    try check("max_depth", maxDepth, 0...64)
    if let minChildWeight { try check("min_child_weight", minChildWeight, 0...1e9) }
    for (key, share) in [
      ("subsample", subsample), ("colsample_bytree", colsampleByTree),
      ("colsample_bylevel", colsampleByLevel), ("colsample_bynode", colsampleByNode),
    ] { try check(key, share, 1e-3...1) }
    for (key, penalty) in [
      ("lambda", lambda), ("alpha", alpha), ("gamma", gamma), ("max_delta_step", maxDeltaStep),
    ] { try check(key, penalty, 0...1e9) }
    try check("max_bin", maxBin, 2...65_536)
    try check("max_leaves", maxLeaves, 0...1_000_000)
    try check("scale_pos_weight", scalePosWeight, 1e-6...1e9)
    try check("categorical_limit", categoricalLimit, 2...65_536)
    try check("max_cat_to_onehot", maxCatToOnehot, 1...65_536)
    try check("multi_hot_limit", multiHotLimit, 1...65_536)
    try check("truncation", truncation, 1...1_000_000)
    try check("nthread", nthread, 0...256)
    for (name, sign) in monotone.sorted(by: { $0.key < $1.key }) {
      try check("monotone.\(name)", sign, -1...1)
    }
    try checkCombinations()
  }

  /// Watches the order within requests, except where probabilities are learnt.
  public var usualTraining: RankerTraining {
    var plan = RankerTraining()
    if objective != .logistic { plan.monitor = .ndcg(10) }
    return plan
  }

  private func checkCombinations() throws(RankerError) {
    if let baseScore {
      try check("base_score", baseScore, objective == .logistic ? 1e-6...(1 - 1e-6) : -1e6...1e6)
    }
    if maxDepth == 0, maxLeaves == 0 {
      throw .configuration(
        key: "max_depth", value: "0", reason: "without max_leaves trees would grow without a limit")
    }
    if treeMethod == .exact {
      if maxDepth == 0 {
        throw .configuration(
          key: "max_depth", value: "0", reason: "the tree method exact needs a limit of depth")
      }
      if growPolicy == .lossguide || maxLeaves > 0 {
        throw .configuration(
          key: growPolicy == .lossguide ? "grow_policy" : "max_leaves",
          value: growPolicy == .lossguide ? "lossguide" : "\(maxLeaves)",
          reason: "the tree method exact grows level by level and would ignore it; use hist")
      }
    }
    if objective != .logistic, scalePosWeight != 1 {
      throw .configuration(
        key: "scale_pos_weight", value: "\(scalePosWeight)",
        reason: "only binary:logistic has positive labels to weigh; weigh rows instead")
    }
  }

  /// Keys of XGBoost, its wrappers and its relatives that mean nothing here, and what to do instead.
  public static let refusals: [String: String] = [
    "num_class":
      "a ranker gives one score a row, and binary:logistic needs no number of classes: with"
      + " num_class 2 XGBoost makes two margins a row and fails, because there are twice as many"
      + " predictions as labels. Remove it",
    "eval_metric": metricAdvice, "metric": metricAdvice, "metrics": metricAdvice,
    "seed": "the seed is that of the training section: training.seed",
    "random_state":
      "the seed is that of the training section: training.seed",
    "learning_rate": "XGBoost's own name for it is eta", "reg_lambda": "its name here is lambda",
    "reg_alpha": "its name here is alpha", "min_split_loss": "its name here is gamma",
    "n_estimators": "its name here is rounds", "num_boost_round": "its name here is rounds",
    "num_round": "its name here is rounds", "nrounds": "its name here is rounds",
    "early_stopping_rounds": "its name here is early_stopping",
    "monotone_constraints":
      "write monotone: {price: -1}, by column name", "n_jobs": "its name here is nthread",
    "booster": "only trees are trained: gbtree. Remove it",
    "enable_categorical": "write categorical: partition, codes or none",
    "silent": verbosityAdvice, "verbosity": verbosityAdvice, "verbose_eval": verbosityAdvice,
    "missing": "missing values are known from the schema. Remove it",
    "gpu_id": "training runs on the processor. Remove it",
    "num_leaves": "its name here is max_leaves", "epochs": "the number of trees is rounds",
  ]

  private static let metricAdvice =
    "training is watched by Vitrine's own metrics: write training.monitor, for instance auc or"
    + " log_loss. XGBoost's error is accuracy at 0.5, which says nothing where few rows are"
    + " positive: at 2 % clicks it is 0.02 for a model that has learnt nothing"
  private static let verbosityAdvice = "progress is shown by Vitrine itself. Remove it"
}
