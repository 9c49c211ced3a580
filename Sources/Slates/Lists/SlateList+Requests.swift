public import RankingData

extension SlateList {
  /// The candidates of a request, which may come from any ranker.
  ///
  /// Every candidate has a score, or none has: then the order of the request is the base order.
  /// - Throws: `SlateError.scoreMissing` when only some have one, and as the other initializer.
  public init(
    _ request: RankingRequest, visuals: VisualTable = .empty, order: Order = .score
  ) throws(SlateError) {
    let items = request.items
    let scores = items.compactMap(\.score)
    if !scores.isEmpty, let bad = items.firstIndex(where: { $0.score == nil }) {
      throw .scoreMissing(list: request.id, item: items[bad].id, position: bad)
    }
    try self.init(
      id: request.id, ids: items.map(\.id), scores: scores.isEmpty ? nil : scores,
      categories: items.map(\.category), visuals: visuals, order: order)
  }

  /// What a ranker answered.
  public init(
    _ ranked: RankedList, visuals: VisualTable = .empty, order: Order = .score
  ) throws(SlateError) {
    try self.init(
      id: ranked.id, ids: ranked.items.map(\.id), scores: ranked.items.map(\.score),
      categories: ranked.items.map(\.category), visuals: visuals, order: order)
  }
}
