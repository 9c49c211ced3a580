import RankingData

extension BoostedTrees.Configuration {
  /// Decodes any subset of the keys; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&objective, .objective)
    try container.update(&rounds, .rounds)
    try container.update(&earlyStopping, .earlyStopping)
    try container.update(&eta, .eta)
    try container.update(&maxDepth, .maxDepth)
    try container.update(&minChildWeight, .minChildWeight)
    try container.update(&subsample, .subsample)
    try container.update(&colsampleByTree, .colsampleByTree)
    try container.update(&colsampleByLevel, .colsampleByLevel)
    try container.update(&colsampleByNode, .colsampleByNode)
    try container.update(&lambda, .lambda)
    try container.update(&alpha, .alpha)
    try container.update(&gamma, .gamma)
    try container.update(&maxDeltaStep, .maxDeltaStep)
    try container.update(&treeMethod, .treeMethod)
    try container.update(&maxBin, .maxBin)
    try container.update(&maxLeaves, .maxLeaves)
    try container.update(&growPolicy, .growPolicy)
    try container.update(&scalePosWeight, .scalePosWeight)
    try container.update(&baseScore, .baseScore)
    try container.update(&monotone, .monotone)
    try container.update(&categorical, .categorical)
    try container.update(&categoricalLimit, .categoricalLimit)
    try container.update(&maxCatToOnehot, .maxCatToOnehot)
    try container.update(&multiHotLimit, .multiHotLimit)
    try container.update(&truncation, .truncation)
    try container.update(&normalize, .normalize)
    try container.update(&nthread, .nthread)
  }
}
