/// Calibrated slates (Steck, RecSys 2018): greedy maximisation of
/// `tradeOff · Σ relevance - (1 - tradeOff) · KL(p ‖ q)`, where p are the shares of categories in the
/// user's history and q those in the slate, `q = (1 - smoothing) · slate + smoothing · p`, so that a
/// category the slate lacks costs much but not infinitely much. His λ is 1 - tradeOff.
///
/// Relevance is scaled to 0...1 within a request. A trade-off of 1 reproduces the ranking exactly, and
/// so does a history of nothing; equal values go to the lower base position.
public struct CalibratedSlate: Codable, Sendable, Hashable {
  /// 1 is relevance only, 0 is calibration only.
  public var tradeOff: Double
  /// Between 0 and 1.
  public var smoothing: Double
  /// Whether a place counts by `1 / log2(rank + 2)`, rank from 0, instead of all alike.
  public var discountsRanks: Bool

  /// Throws `SlateError.configuration` when a field is out of range.
  public init(
    tradeOff: Double = 0.5, smoothing: Double = 0.01, discountsRanks: Bool = false
  ) throws(SlateError) {
    self.tradeOff = tradeOff
    self.smoothing = smoothing
    self.discountsRanks = discountsRanks
    try validate()
  }

  /// A trade-off of 0.5, a smoothing of 0.01, all places alike.
  public static let standard = CalibratedSlate()

  private init() { (tradeOff, smoothing, discountsRanks) = (0.5, 0.01, false) }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    try Diversifier.validate(tradeOff: tradeOff)
    guard smoothing > 0, smoothing < 1 else {
      throw .configuration(
        field: "smoothing", value: String(smoothing), rule: "it must lie between 0 and 1")
    }
  }

  enum CodingKeys: String, CodingKey {
    case tradeOff = "trade_off"
    case smoothing
    case discountsRanks = "discounts_ranks"
  }

  /// Every missing field takes its default; a field out of range throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let standard = CalibratedSlate()
    try self.init(
      tradeOff: try container.decodeIfPresent(Double.self, forKey: .tradeOff)
        ?? standard.tradeOff,
      smoothing: try container.decodeIfPresent(Double.self, forKey: .smoothing)
        ?? standard.smoothing,
      discountsRanks: try container.decodeIfPresent(Bool.self, forKey: .discountsRanks)
        ?? standard.discountsRanks)
  }

  /// Takes the best `top` of `relevance.count` candidates; relevance is finite and in base order.
  ///
  /// Complexity: O(top · (n + categories)).
  public func select(
    relevance: [Double], calibration: SlateCalibration, top: Int = .max
  ) -> [SlateChoice] {
    var selection = CalibratedSelection(self, relevance: relevance, calibration: calibration)
    return selection.choices(top: top, of: relevance.count)
  }
}
