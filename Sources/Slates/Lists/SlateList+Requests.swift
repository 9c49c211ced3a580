public import RankingData

extension SlateList {
  /// The candidates of a request, which may come from any ranker.
  ///
  /// Every candidate has a score, or none has: then the order of the request is the base order.
  /// Clicks count as known when any candidate says `clicked`.
  /// - Parameter features: Names of the item features to read; one that a candidate lacks, or that is
  ///   no number, is a missing value.
  /// - Parameter attributes: Whether the item features come along for rules.
  /// - Throws: `SlateError.scoreMissing` when only some have one, and as the other initializer.
  public init(
    _ request: RankingRequest, visuals: VisualTable = .empty, embeddings: VisualTable = .empty,
    features: [String] = [],
    attributes: Bool = false, order: Order = .score
  ) throws(SlateError) {
    let items = request.items
    let scores = items.compactMap(\.score)
    if !scores.isEmpty, let bad = items.firstIndex(where: { $0.score == nil }) {
      throw .scoreMissing(list: request.id, item: items[bad].id, position: bad)
    }
    try self.init(
      id: request.id, ids: items.map(\.id), scores: scores.isEmpty ? nil : scores,
      categories: items.map(\.category), visuals: visuals, embeddings: embeddings,
      features: items.flatMap { item in
        features.map { item.features[$0]?.number.map { Float($0) } ?? .nan }
      },
      featureWidth: features.count, attributes: attributes ? items.map(\.features) : [],
      clicks: items.contains { $0.clicked != nil } ? items.map { $0.clicked ?? false } : nil,
      order: order)
  }

  /// What a ranker answered.
  public init(
    _ ranked: RankedList, visuals: VisualTable = .empty, embeddings: VisualTable = .empty,
    order: Order = .score
  ) throws(SlateError) {
    try self.init(
      id: ranked.id, ids: ranked.items.map(\.id), scores: ranked.items.map(\.score),
      categories: ranked.items.map(\.category), visuals: visuals, embeddings: embeddings,
      order: order)
  }
}
