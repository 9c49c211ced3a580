/// The course of `DPP` over one list.
struct DPPSelection: SlateSelection {
  private var selection: DeterminantalSelection
  private let similarity: SlateSimilarity
  private var taken: [Int] = []

  init(_ configuration: DPP, relevance: [Double], similarity: SlateSimilarity, top: Int) {
    precondition(
      similarity.count == relevance.count,
      "\(similarity.count) items, \(relevance.count) relevances")
    self.similarity = similarity
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
    var nearest: (candidate: Int, similarity: Double)?
    for other in taken.prefix(while: { $0 != candidate }) {
      let value = similarity(candidate, other)
      if value > nearest?.similarity ?? -.infinity { nearest = (other, value) }
    }
    return nearest
  }
}
