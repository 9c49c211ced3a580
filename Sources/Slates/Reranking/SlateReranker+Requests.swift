public import RankingData

extension SlateReranker {
  /// Arranges a request of a foreign ranker: only ids and scores are needed.
  /// - Throws: as `arrange`, and `SlateError.scoreMissing` where only some items have a score.
  public func rerank(
    _ request: RankingRequest, order: SlateList.Order = .score
  ) throws(SlateError) -> RankedList {
    let list = try SlateList(
      request, visuals: visuals, embeddings: embeddings, features: model?.featureNames ?? [],
      attributes: !rules.features.isEmpty, order: order)
    return answer(request.id, try arrange(list, history: request.history)) { position in
      let item = request.items[position]
      return RankedItem(
        id: item.id, index: item.index ?? position, score: item.score ?? 0,
        category: item.category)
    }
  }

  /// Arranges what a ranker answered. Rules about item features find none here.
  /// - Throws: as `arrange`.
  public func rerank(
    _ ranked: RankedList, order: SlateList.Order = .score
  ) throws(SlateError) -> RankedList {
    let list = try SlateList(ranked, visuals: visuals, embeddings: embeddings, order: order)
    return answer(ranked.id, try arrange(list)) { ranked.items[$0] }
  }

  private func answer(
    _ id: String, _ slate: Slate, _ item: (_ position: Int) -> RankedItem
  ) -> RankedList {
    var answer = RankedList(
      id: id,
      items: slate.placements.map { placement in
        var item = item(placement.position)
        item.rankBefore = placement.rankBefore
        item.reason = placement.explanation?.text
        return item
      })
    guard options.explains else { return answer }
    answer.removed = slate.removals.map { removal in
      var item = item(removal.position)
      item.rankBefore = removal.rankBefore
      item.reason = "\(removal.reason)"
      return item
    }
    answer.concessions = slate.concessions.map { "\($0)" }
    return answer
  }
}
