import RankingData
public import Slates

/// Loads what `vitrine rerank` needs and arranges lists of any ranker.
public enum SlateArranger {
  /// What to load; every part may be missing.
  public struct Sources: Sendable {
    /// A bundle with a slate model, or nil to keep the base order.
    public var model: String?
    /// How the model's scores become an order.
    public var decoding: Decoding
    /// A feature cache, or nil: then images count as missing.
    public var cache: String?
    /// A folder with other vectors of items (`features.npy`, `ids.txt`), or nil.
    public var embeddings: String?
    /// A shop's rules (YAML), or nil.
    public var rules: String?
    /// The diversifier.
    public var diversity: Diversifier
    /// What it compares candidates by.
    public var similarity: SimilarityWeights
    /// Length, limits and explanations.
    public var options: SlateReranker.Options

    /// A plan.
    public init(
      model: String? = nil, decoding: Decoding = .greedy, cache: String? = nil,
      embeddings: String? = nil, rules: String? = nil, diversity: Diversifier = .none,
      similarity: SimilarityWeights = .standard, options: SlateReranker.Options = .init()
    ) {
      self.model = model
      self.decoding = decoding
      self.cache = cache
      self.embeddings = embeddings
      self.rules = rules
      self.diversity = diversity
      self.similarity = similarity
      self.options = options
    }
  }

  /// Makes a re-ranker.
  /// - Throws: an error that names the file at fault; a model and a cache of different versions are
  ///   refused.
  public static func load(_ sources: Sources) throws -> SlateReranker {
    let bundle = try sources.model.map(SlateBundle.init(path:))
    let features = try sources.cache.map {
      try VisualFeatures(cache: $0, version: bundle?.visualVersion)
    }
    var decoder: (any SlateDecoder)?
    if let bundle, let path = sources.model {
      try bundle.check(features, path: path)
      decoder = try bundle.model.decoder(sources.decoding)
    }
    return try SlateReranker(
      model: decoder, diversity: sources.diversity,
      similarity: sources.similarity,
      rules: try sources.rules.map(SlateRules.init(path:)) ?? .init(),
      visuals: features?.table ?? .empty,
      embeddings: try sources.embeddings.map(VisualTable.init(folder:)) ?? .empty,
      options: sources.options)
  }
}
