import RankingData
public import Slates

/// Loads what `vitrine rerank` needs and arranges lists of any ranker.
public enum SlateArranger {
  /// What to load.
  public struct Sources: Sendable {
    /// The bundle of a slate model, or nil to keep the base order.
    public var model: String?
    /// How the model chooses.
    public var decoding: Decoding
    /// A feature cache, or nil: then images count as missing.
    public var cache: String?
    /// The diversifier, or nil.
    public var diversity: MMR?
    /// Length, limits and explanations.
    public var options: SlateReranker.Options

    /// A plan.
    public init(
      model: String? = nil, decoding: Decoding = .greedy, cache: String? = nil,
      diversity: MMR? = nil, options: SlateReranker.Options = .init()
    ) {
      self.model = model
      self.decoding = decoding
      self.cache = cache
      self.diversity = diversity
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
      model: decoder, diversity: sources.diversity, visuals: features?.table ?? .empty,
      options: sources.options)
  }
}
