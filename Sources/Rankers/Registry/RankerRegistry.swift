import RankingData

/// Every kind of ranker, by name.
public enum RankerRegistry {
  private static let configurations: [any RankerConfiguration.Type] = [
    LogisticRegression.Configuration.self,
    LinearSVM.Configuration.self,
    RankSVM.Configuration.self,
    DenseNetwork.Configuration.self,
    DeepFM.Configuration.self,
    WideAndDeep.Configuration.self,
    YouTubeDNN.Configuration.self,
    DSSM.Configuration.self,
    DIN.Configuration.self,
    RecurrentRanker.Configuration.self,
    SLiRec.Configuration.self,
    SharedBottom.Configuration.self,
    SoftSharing.Configuration.self,
    CrossStitch.Configuration.self,
    ESMM.Configuration.self,
    OMoE.Configuration.self,
    MMoE.Configuration.self,
    BoostedTrees.Configuration.self,
  ]

  /// The names of all kinds, in the order of the documentation.
  public static var kinds: [String] { configurations.map { $0.kind } }

  /// The configuration type of a kind.
  ///
  /// - Throws: `RankerError.unknownKind`, which suggests the nearest name.
  package static func configuration(
    of kind: String
  ) throws(RankerError) -> any RankerConfiguration.Type {
    guard let found = configurations.first(where: { $0.kind == kind }) else {
      throw .unknownKind(kind, known: kinds)
    }
    return found
  }

  /// Builds a ranker with fresh parameters; equal seeds give equal parameters.
  ///
  /// - Throws: `RankerError` when the configuration makes no model for this input.
  public static func make(
    _ specification: RankerSpecification, input: RankerInput, seed: UInt64 = 1
  ) throws(RankerError) -> any Ranker {
    if input.layout.visual && input.visual == nil { throw .missingVisualInput }
    if let visual = input.visual { try check("visual.width", visual.width, 1...65_536) }
    return try build(specification.configuration, input, seed)
  }

  private static func build<C: RankerConfiguration>(
    _ configuration: C, _ input: RankerInput, _ seed: UInt64
  ) throws(RankerError) -> any Ranker {
    try C.Model(configuration: configuration, input: input, seed: seed)
  }
}
