extension BoostedTrees {
  /// What is minimised.
  public enum Objective: String, Sendable, Hashable, Codable, CaseIterable {
    /// Log loss of a binary label; scores are logits.
    case logistic = "binary:logistic"
    /// XGBoost's LambdaMART on pairs it draws at random, each weighing the same.
    case pairwise = "rank:pairwise"
    /// The same with pairs weighted by what swapping them changes in NDCG.
    case ndcg = "rank:ndcg"
    /// The same for average precision; any grade above 0 is relevant.
    case averagePrecision = "rank:map"
    /// LambdaMART on all pairs of the best-ranked items, with our own gradients.
    case lambdaMART = "lambdamart"
    /// Squared error of the label, for grades taken as numbers.
    case squaredError = "reg:squarederror"
  }

  /// How splits are searched.
  public enum TreeMethod: String, Sendable, Hashable, Codable, CaseIterable {
    /// Over bins, which are made once.
    case histogram = "hist"
    /// Over bins, which are made anew for every tree.
    case approximate = "approx"
    /// Over all values.
    case exact
  }

  /// Where a tree grows next.
  public enum GrowPolicy: String, Sendable, Hashable, Codable, CaseIterable {
    /// Level by level.
    case depthwise
    /// Where the gain is largest.
    case lossguide
  }

  /// How ids are split.
  public enum Categories: String, Sendable, Hashable, Codable, CaseIterable {
    /// Small vocabularies by sets of ids, large ones by the order of their rows.
    case partition
    /// All by the order of their rows.
    case codes
    /// Not at all: ids are not read.
    case none
  }

  /// What a user chooses about boosted trees, by the names of XGBoost where it has one.
  public struct Configuration: RankerConfiguration {
    /// The ranker this configures.
    public typealias Model = BoostedTrees
    /// See `RankerConfiguration`.
    public static let kind = "xgboost"
    /// See `RankerConfiguration`.
    public static let keys = CodingKeys.allCases.map(\.rawValue)

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "Gradient boosted trees",
        paper: "Chen and Guestrin, XGBoost: a scalable tree boosting system, KDD 2016; Burges, "
          + "From RankNet to LambdaRank to LambdaMART, 2010 (objective: lambdamart)",
        reads: "Numbers and components of images as they are, small vocabularies as sets of "
          + "ids, small lists as counts. Best with numbers, such as counters and rates.",
        example: """
          model: {kind: xgboost, objective: "binary:logistic", rounds: 300, eta: 0.1, max_depth: 6}

          """)
    }

    /// What is minimised.
    public var objective = Objective.logistic
    /// The most trees.
    public var rounds = 300
    /// Rounds without a gain on the validation rows before training stops; 0 for never.
    public var earlyStopping = 50
    /// Share of a tree's values that is added.
    public var eta = 0.1
    /// The most splits from root to leaf; 0 for no limit, which `max_leaves` must then set.
    public var maxDepth = 6
    /// The least sum of second derivatives in a leaf; by default 1, and 0.1 for `lambdamart`, whose
    /// second derivatives are small.
    public var minChildWeight: Double?
    /// Share of rows drawn for each tree.
    public var subsample = 1.0
    /// Share of columns drawn for each tree.
    public var colsampleByTree = 1.0
    /// Share of these drawn for each level.
    public var colsampleByLevel = 1.0
    /// Share of these drawn for each split.
    public var colsampleByNode = 1.0
    /// λ of the penalty `λ/2 · Σ w²` on the leaves.
    public var lambda = 1.0
    /// α of the penalty `α · Σ |w|` on the leaves.
    public var alpha = 0.0
    /// The least gain of a split.
    public var gamma = 0.0
    /// The largest value of a leaf; 0 for no limit.
    public var maxDeltaStep = 0.0
    /// How splits are searched.
    public var treeMethod = TreeMethod.histogram
    /// The most bins of a column.
    public var maxBin = 256
    /// The most leaves of a tree; 0 for no limit.
    public var maxLeaves = 0
    /// Where a tree grows next.
    public var growPolicy = GrowPolicy.depthwise
    /// Weight of positive labels; probabilities shift by it.
    public var scalePosWeight = 1.0
    /// Where every row starts: a probability for `binary:logistic`, by default 0.5.
    public var baseScore: Double?
    /// 1 for numbers that must not lower the score as they grow, -1 for those that must not raise it.
    public var monotone: [String: Int] = [:]
    /// How ids are split.
    public var categorical = Categories.partition
    /// The largest vocabulary, the unknown row included, that is split by sets of ids.
    public var categoricalLimit = 256
    /// Vocabularies below it are split one id against the rest.
    public var maxCatToOnehot = 4
    /// The largest vocabulary of a list, the unknown row included, whose ids are counted one by one.
    public var multiHotLimit = 64
    /// Pairs count that have one of so many best-ranked items, in `lambdamart`.
    public var truncation = 30
    /// Whether `lambdamart` evens out requests of many pairs.
    public var normalize = true
    /// Threads of the training; 0 for one a core. The ranking objectives of XGBoost draw other pairs
    /// with other numbers, and take 2 for 0, so that a model does not depend on the machine.
    public var nthread = 0

    enum CodingKeys: String, CodingKey, CaseIterable {
      case objective, rounds
      case earlyStopping = "early_stopping"
      case eta
      case maxDepth = "max_depth"
      case minChildWeight = "min_child_weight"
      case subsample
      case colsampleByTree = "colsample_bytree"
      case colsampleByLevel = "colsample_bylevel"
      case colsampleByNode = "colsample_bynode"
      case lambda, alpha, gamma
      case maxDeltaStep = "max_delta_step"
      case treeMethod = "tree_method"
      case maxBin = "max_bin"
      case maxLeaves = "max_leaves"
      case growPolicy = "grow_policy"
      case scalePosWeight = "scale_pos_weight"
      case baseScore = "base_score"
      case monotone, categorical
      case categoricalLimit = "categorical_limit"
      case maxCatToOnehot = "max_cat_to_onehot"
      case multiHotLimit = "multi_hot_limit"
      case truncation, normalize, nthread
    }

    /// The defaults.
    public init() {}
  }
}
