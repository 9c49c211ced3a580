/// Maximal marginal relevance (Carbonell and Goldstein, 1998): takes candidates one after the
/// other, each the best of `tradeOff · relevance - (1 - tradeOff) · max similarity to what was
/// taken`.
///
/// Relevance is scaled to 0...1 within a request. A trade-off of 1 reproduces the ranking exactly;
/// equal values go to the lower base position.
public struct MMR: Codable, Sendable, Hashable {
  /// 1 is relevance only, 0 is diversity only.
  public var tradeOff: Double

  /// Throws `SlateError.configuration` when the trade-off is out of range.
  public init(tradeOff: Double = 0.7) throws(SlateError) {
    self.tradeOff = tradeOff
    try validate()
  }

  /// A trade-off of 0.7.
  public static let standard = MMR()

  private init() { tradeOff = 0.7 }

  /// Throws `SlateError.configuration` when the trade-off is out of range.
  public func validate() throws(SlateError) {
    try Diversifier.validate(tradeOff: tradeOff)
  }

  enum CodingKeys: String, CodingKey {
    case tradeOff = "trade_off"
  }

  /// A missing field takes its default; one out of range throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      tradeOff: try container.decodeIfPresent(Double.self, forKey: .tradeOff)
        ?? MMR.standard.tradeOff)
  }

  /// Takes the best `top` of `relevance.count` candidates; relevance is finite and in base order.
  ///
  /// Complexity: O(n · top) similarities.
  public func select(
    relevance: [Double], similarity: SlateSimilarity, top: Int = .max
  ) -> [SlateChoice] {
    var selection = MMRSelection(self, relevance: relevance, similarity: similarity)
    return selection.choices(top: top, of: relevance.count)
  }
}
