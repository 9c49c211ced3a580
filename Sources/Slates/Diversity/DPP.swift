/// Determinantal point process: a slate is worth `tradeOff · Σ relevance + (1 - tradeOff) · log det S`
/// of its items, where S is their similarity, so that alike items take each other's worth. Greedy
/// maximisation after Chen et al., "Fast greedy MAP inference for determinantal point process to
/// improve recommendation diversity" (NeurIPS 2018).
///
/// This is their kernel `Diag(q) S Diag(q)` with q = exp(α r), α = tradeOff / (2 (1 - tradeOff)),
/// compared by logarithms, so that no q is too large. S is (1 + similarity) / 2 of the mix in
/// `SlateSimilarity`, where a part that a pair lacks counts as 0, plus 0.001 on the diagonal: S has a
/// positive determinant for any number of items, duplicates among them, and a slate is never short.
///
/// Relevance is scaled to 0...1 within a request. A trade-off of 1 reproduces the ranking exactly;
/// equal values go to the lower base position.
public struct DPP: Codable, Sendable, Hashable {
  /// 1 is relevance only, 0 is diversity only.
  public var tradeOff: Double
  /// An item is repelled by the last `window - 1` items above it; `nil` for all. 1 is relevance
  /// only.
  public var window: Int?

  /// What the diagonal of S is raised by.
  static let jitter = 1e-3

  /// Throws `SlateError.configuration` when a field is out of range.
  public init(tradeOff: Double = 0.7, window: Int? = nil) throws(SlateError) {
    self.tradeOff = tradeOff
    self.window = window
    try validate()
  }

  /// A trade-off of 0.7, and all items above repel.
  public static let standard = DPP()

  private init() { (tradeOff, window) = (0.7, nil) }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    try Diversifier.validate(tradeOff: tradeOff)
    if let window, window < 1 {
      throw .configuration(
        field: "window", value: "\(window)", rule: "it must be at least 1, or left out for all")
    }
  }

  enum CodingKeys: String, CodingKey {
    case tradeOff = "trade_off"
    case window
  }

  /// Every missing field takes its default; a field out of range throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      tradeOff: try container.decodeIfPresent(Double.self, forKey: .tradeOff)
        ?? DPP.standard.tradeOff,
      window: try container.decodeIfPresent(Int.self, forKey: .window))
  }

  /// Takes the best `top` of `relevance.count` candidates; relevance is finite and in base order.
  ///
  /// Complexity: O(n · top · width), with a window or without, n candidates with vectors of `width`.
  public func select(
    relevance: [Double], similarity: SlateSimilarity, top: Int = .max
  ) -> [SlateChoice] {
    var selection = DPPSelection(self, relevance: relevance, similarity: similarity, top: top)
    return selection.choices(top: top, of: relevance.count)
  }
}
