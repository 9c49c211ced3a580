/// The course of `DPP` over one list.
struct DPPSelection: SlateSelection {
  private var selection: DeterminantalSelection
  private var taken: TakenRows

  init(_ configuration: DPP, relevance: [Double], similarity: SlateSimilarity, top: Int) {
    precondition(
      similarity.count == relevance.count,
      "\(similarity.count) items, \(relevance.count) relevances")
    taken = TakenRows(similarity, top: top)
    selection = DeterminantalSelection(
      FactoredKernel(similarity, jitter: DPP.jitter),
      gains: scaledRelevance(relevance).map { $0 * configuration.tradeOff },
      weight: 1 - configuration.tradeOff, window: configuration.window, top: top)
  }

  mutating func best(_ allowed: [UInt8]) -> Int? { selection.best(allowed) }

  mutating func take(_ candidate: Int) {
    selection.take(candidate)
    taken.append(candidate)
  }

  /// Looked for when asked: O(taken · width).
  func nearest(_ candidate: Int) -> (candidate: Int, similarity: Double)? {
    taken.nearest(candidate)
  }
}
