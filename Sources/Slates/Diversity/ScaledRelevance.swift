/// Relevance from 0 to 1 within a request; all zeros when every value is the same. Halved first, so
/// that the range of two finite numbers stays finite.
package func scaledRelevance(_ relevance: [Double]) -> [Double] {
  guard let low = relevance.min(), let high = relevance.max(), high > low else {
    return [Double](repeating: 0, count: relevance.count)
  }
  let range = high / 2 - low / 2
  guard range > 0 else { return relevance.map { $0 > low ? 1 : 0 } }
  return relevance.map { ($0 / 2 - low / 2) / range }
}
