extension BoostedTrees.Configuration {
  /// Decodes any subset of the keys; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
      value = try container.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value?) throws {
      value = try container.decodeIfPresent(Value.self, forKey: key)
    }
    func choose<Choice: RawRepresentable & CaseIterable>(
      _ key: CodingKeys, _ value: inout Choice
    ) throws where Choice.RawValue == String {
      guard let name = try container.decodeIfPresent(String.self, forKey: key) else { return }
      guard let choice = Choice(rawValue: name) else {
        throw RankerError.unknownChoice(
          key: key.rawValue, value: name, known: Choice.allCases.map(\.rawValue))
      }
      value = choice
    }
    try choose(.objective, &objective)
    try read(.rounds, &rounds)
    try read(.earlyStopping, &earlyStopping)
    try read(.eta, &eta)
    try read(.maxDepth, &maxDepth)
    try read(.minChildWeight, &minChildWeight)
    try read(.subsample, &subsample)
    try read(.colsampleByTree, &colsampleByTree)
    try read(.colsampleByLevel, &colsampleByLevel)
    try read(.colsampleByNode, &colsampleByNode)
    try read(.lambda, &lambda)
    try read(.alpha, &alpha)
    try read(.gamma, &gamma)
    try read(.maxDeltaStep, &maxDeltaStep)
    try choose(.treeMethod, &treeMethod)
    try read(.maxBin, &maxBin)
    try read(.maxLeaves, &maxLeaves)
    try choose(.growPolicy, &growPolicy)
    try read(.scalePosWeight, &scalePosWeight)
    try read(.baseScore, &baseScore)
    try read(.monotone, &monotone)
    try choose(.categorical, &categorical)
    try read(.categoricalLimit, &categoricalLimit)
    try read(.maxCatToOnehot, &maxCatToOnehot)
    try read(.multiHotLimit, &multiHotLimit)
    try read(.truncation, &truncation)
    try read(.normalize, &normalize)
    try read(.nthread, &nthread)
  }
}
