/// Maximal marginal relevance (Carbonell and Goldstein, 1998): takes candidates one after the
/// other, each the best of `tradeOff · relevance - (1 - tradeOff) · max similarity to what was
/// taken`.
///
/// Relevance is scaled to 0...1 within a request. A trade-off of 1 reproduces the ranking exactly;
/// equal values go to the lower base position.
public struct MMR: Codable, Sendable, Hashable {
  /// 1 is relevance only, 0 is diversity only.
  public var tradeOff: Double
  /// Share of the visual cosine in the similarity of two candidates that both have an image.
  public var visualWeight: Double
  /// Share of category equality in the similarity of two candidates that both have a category.
  public var categoryWeight: Double

  /// Throws `SlateError.configuration` when a field is out of range.
  public init(
    tradeOff: Double = 0.7, visualWeight: Double = 0.5, categoryWeight: Double = 0.5
  ) throws(SlateError) {
    self.tradeOff = tradeOff
    self.visualWeight = visualWeight
    self.categoryWeight = categoryWeight
    try validate()
  }

  /// 0.7, and image and category alike.
  public static let standard = MMR()

  private init() {
    (tradeOff, visualWeight, categoryWeight) = (0.7, 0.5, 0.5)
  }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    guard tradeOff >= 0, tradeOff <= 1 else {
      throw .configuration(
        field: "trade_off", value: String(tradeOff), rule: "it must lie in 0...1")
    }
    for (field, weight) in [("visual_weight", visualWeight), ("category_weight", categoryWeight)] {
      guard weight >= 0, weight.isFinite else {
        throw .configuration(
          field: field, value: String(weight), rule: "it must be a finite number of at least 0")
      }
    }
  }

  enum CodingKeys: String, CodingKey {
    case tradeOff = "trade_off"
    case visualWeight = "visual_weight"
    case categoryWeight = "category_weight"
  }

  /// Every missing field takes its default; a field out of range throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let standard = MMR()
    try self.init(
      tradeOff: try container.decodeIfPresent(Double.self, forKey: .tradeOff)
        ?? standard.tradeOff,
      visualWeight: try container.decodeIfPresent(Double.self, forKey: .visualWeight)
        ?? standard.visualWeight,
      categoryWeight: try container.decodeIfPresent(Double.self, forKey: .categoryWeight)
        ?? standard.categoryWeight)
  }

  /// One candidate taken, and what it resembled most among those taken before.
  public struct Choice: Sendable, Hashable {
    /// Index into the candidates.
    public let candidate: Int
    /// The candidate taken before that it resembles most; `nil` for the first.
    public let nearest: Int?
    /// That similarity; 0 for the first.
    public let similarity: Double
  }

  /// Takes the best `top` of `relevance.count` candidates; relevance is finite and in base order.
  ///
  /// Keeps the largest similarity of each candidate up to date instead of looking back at all that
  /// was taken. Complexity: O(n · top) similarities.
  public func select(
    relevance: [Double], similarity: SlateSimilarity, top: Int = .max
  ) -> [Choice] {
    let count = relevance.count
    precondition(similarity.count == count, "\(similarity.count) items, \(count) relevances")
    let wanted = min(max(top, 0), count)
    guard wanted > 0 else { return [] }
    let gain = Self.scaled(relevance).map { $0 * tradeOff }
    let cost = 1 - tradeOff
    var nearest = [Int](repeating: -1, count: count)
    var largest = [Double](repeating: 0, count: count)
    var toLast = [Double](repeating: 0, count: count)
    var left = Array(0..<count)
    var dots = SlateSimilarity.Buffer()
    var choices: [Choice] = []
    choices.reserveCapacity(wanted)
    while choices.count < wanted {
      var bestSlot = 0
      var bestValue = -Double.infinity
      for (slot, i) in left.enumerated() {
        let value = gain[i] - cost * largest[i]
        if value > bestValue { (bestSlot, bestValue) = (slot, value) }
      }
      // Removing keeps the base order, so that the first of equal values stays the lowest.
      let taken = left.remove(at: bestSlot)
      choices.append(
        Choice(
          candidate: taken, nearest: nearest[taken] < 0 ? nil : nearest[taken],
          similarity: largest[taken]))
      guard choices.count < wanted else { break }
      similarity.similarities(to: taken, into: &toLast, &dots)
      for i in left where nearest[i] < 0 || toLast[i] > largest[i] {
        largest[i] = toLast[i]
        nearest[i] = taken
      }
    }
    return choices
  }

  /// Relevance from 0 to 1; all zeros when every value is the same. Halved first, so that the
  /// range of two finite numbers stays finite.
  package static func scaled(_ relevance: [Double]) -> [Double] {
    guard let low = relevance.min(), let high = relevance.max(), high > low else {
      return [Double](repeating: 0, count: relevance.count)
    }
    let range = high / 2 - low / 2
    guard range > 0 else { return relevance.map { $0 > low ? 1 : 0 } }
    return relevance.map { ($0 / 2 - low / 2) / range }
  }
}
