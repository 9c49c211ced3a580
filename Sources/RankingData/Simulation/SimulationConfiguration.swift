/// What the simulated shop, its users and its logging policy are like.
///
/// Weights multiply quantities of unit variance and add up to the log-odds of a click on an
/// examined item, and those named after the purchase to the log-odds that a click ends in one. Every key may be left out of a file, where its default then holds; a key that does
/// not exist is an error.
public struct SimulationConfiguration: Sendable, Hashable, Codable {
  /// A kind of device, part of a session's context.
  public struct Device: Sendable, Hashable, Codable {
    /// The value in the context column.
    public var name: String
    /// Share of the sessions.
    public var share: Double
    /// Exponent η of the chance j^-η that position j (from 1) is examined.
    public var positionExponent: Double
    /// Added to the log-odds of every click.
    public var interest: Double

    enum CodingKeys: String, CodingKey {
      case name, share, interest
      case positionExponent = "position_exponent"
    }

    /// Creates a device.
    public init(name: String, share: Double, positionExponent: Double, interest: Double) {
      self.name = name
      self.share = share
      self.positionExponent = positionExponent
      self.interest = interest
    }
  }

  /// Number of users. Some have many sessions, most have few.
  public var users = 800
  /// Number of sessions, each one request with its list of candidates.
  public var sessions = 8_000
  /// Fewest candidates in a session.
  public var minimumCandidates = 20
  /// Most candidates in a session.
  public var maximumCandidates = 28
  /// Start of the log, seconds since 1970.
  public var start: Int64 = 1_704_067_200
  /// Length of the log in days.
  public var days = 60.0

  /// Share of the catalogue on sale at the start; the rest is launched evenly over the log, so that
  /// every later period shows items that no earlier one knows.
  public var initialShare = 0.4
  /// Days in which the chance to be recalled falls to 1/e after the launch.
  public var freshnessDays = 10.0
  /// Chance, against that of a new item, that is left to an old one.
  public var freshnessFloor = 0.12
  /// How strongly recall prefers the user's categories (log weight per unit of affinity).
  public var recallAffinity = 0.7
  /// How strongly recall prefers what fits the user's visual taste (log weight per unit).
  public var recallTaste = 0.6
  /// Added to the log weight of the two categories that a session is about.
  public var recallFocus = 2.0
  /// Correlation of the logging policy's scores with true relevance, within a list: 0 shows the
  /// candidates in random order, 1 in the best.
  public var loggingSkill = 0.3

  /// Log-odds of a click on an average examined item.
  public var interest = -2.1
  /// Weight of an item's hidden quality.
  public var qualityWeight = 0.7
  /// Share of the variance of quality that all users see in the picture: this season's fashion.
  public var trendShare = 0.4
  /// Weight of the user's visual taste.
  public var tasteWeight = 1.5
  /// Number of attributes that a user's taste depends on.
  public var tasteAttributes = 3
  /// Weight of the user's affinity to the category.
  public var affinityWeight = 0.6
  /// Weight of the price against others of the category; users differ in how much they mind.
  public var priceWeight = 0.35

  /// Log-odds that a click on an average item ends in a purchase.
  public var purchaseInterest = -1.5
  /// Weight of an item's hidden quality in the purchase: what is clicked is better than what is shown.
  public var purchaseQualityWeight = 0.6
  /// Weight of the user's affinity to the category in the purchase.
  public var purchaseAffinityWeight = 0.3
  /// Weight of the price in the purchase: looking costs nothing.
  public var purchasePriceWeight = 0.9

  /// Share of its click probability that an item loses below an identical one that was examined.
  public var duplicatePenalty = 0.9
  /// Similarity of two items of one category that look nothing like each other.
  public var categorySimilarity = 0.1
  /// Distance in whitened attributes at which visual similarity has fallen to exp(-1/2).
  public var similarityDistance = 2.5

  /// Kinds of devices.
  public var devices = [
    Device(name: "desktop", share: 0.35, positionExponent: 0.25, interest: 0.1),
    Device(name: "mobile", share: 0.5, positionExponent: 0.4, interest: -0.1),
    Device(name: "tablet", share: 0.15, positionExponent: 0.3, interest: 0.0),
  ]

  /// The defaults.
  public init() {}
}

extension SimulationConfiguration {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case users, sessions, start, days, interest, devices
    case minimumCandidates = "minimum_candidates"
    case maximumCandidates = "maximum_candidates"
    case initialShare = "initial_share"
    case freshnessDays = "freshness_days"
    case freshnessFloor = "freshness_floor"
    case recallAffinity = "recall_affinity"
    case recallTaste = "recall_taste"
    case recallFocus = "recall_focus"
    case loggingSkill = "logging_skill"
    case qualityWeight = "quality_weight"
    case trendShare = "trend_share"
    case tasteWeight = "taste_weight"
    case tasteAttributes = "taste_attributes"
    case affinityWeight = "affinity_weight"
    case priceWeight = "price_weight"
    case purchaseInterest = "purchase_interest"
    case purchaseQualityWeight = "purchase_quality_weight"
    case purchaseAffinityWeight = "purchase_affinity_weight"
    case purchasePriceWeight = "purchase_price_weight"
    case duplicatePenalty = "duplicate_penalty"
    case categorySimilarity = "category_similarity"
    case similarityDistance = "similarity_distance"
  }

  /// Decodes a configuration; a missing key keeps its default.
  public init(from decoder: any Decoder) throws {
    self.init()
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys
    where CodingKeys(stringValue: key.stringValue) == nil {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "A simulation has no configuration key '\(key.stringValue)'. "
            + suggestion(for: key.stringValue, in: CodingKeys.allCases.map(\.rawValue))))
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&users, .users)
    try container.update(&sessions, .sessions)
    try container.update(&minimumCandidates, .minimumCandidates)
    try container.update(&maximumCandidates, .maximumCandidates)
    try container.update(&start, .start)
    try container.update(&days, .days)
    try container.update(&initialShare, .initialShare)
    try container.update(&freshnessDays, .freshnessDays)
    try container.update(&freshnessFloor, .freshnessFloor)
    try container.update(&recallAffinity, .recallAffinity)
    try container.update(&recallTaste, .recallTaste)
    try container.update(&recallFocus, .recallFocus)
    try container.update(&loggingSkill, .loggingSkill)
    try container.update(&interest, .interest)
    try container.update(&qualityWeight, .qualityWeight)
    try container.update(&trendShare, .trendShare)
    try container.update(&tasteWeight, .tasteWeight)
    try container.update(&tasteAttributes, .tasteAttributes)
    try container.update(&affinityWeight, .affinityWeight)
    try container.update(&priceWeight, .priceWeight)
    try container.update(&purchaseInterest, .purchaseInterest)
    try container.update(&purchaseQualityWeight, .purchaseQualityWeight)
    try container.update(&purchaseAffinityWeight, .purchaseAffinityWeight)
    try container.update(&purchasePriceWeight, .purchasePriceWeight)
    try container.update(&duplicatePenalty, .duplicatePenalty)
    try container.update(&categorySimilarity, .categorySimilarity)
    try container.update(&similarityDistance, .similarityDistance)
    try container.update(&devices, .devices)
  }
}
