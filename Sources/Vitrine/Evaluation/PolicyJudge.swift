import Foundation
public import RankingData
public import RankingEvaluation

/// What slates would have earned by the clicks that other lists got: counterfactual evaluation under
/// a position-based model of attention (`vitrine evaluate policy`).
///
/// An item logged at position k that the slate shows at k' counts θ_k' / θ_k times (`PolicyValue`).
/// The doubly robust estimate makes up for what the clip cuts off by a reward model of another family
/// than the weights, fitted on the same log; where no weight is clipped, it is the inverse propensity
/// estimate. Never judge slates by the family of click models they were trained on.
public struct PolicyJudge: Sendable {
  /// How attention to positions is known.
  public enum Examination: Sendable, Hashable {
    /// Position j is looked at with 1 / j^η.
    case decay(eta: Double)
    /// A position-based model fitted on the log.
    case fitted
  }

  /// Families of click models.
  public enum Family: String, Sendable, Hashable, CaseIterable, Codable {
    /// Position-based.
    case pbm
    /// Cascade.
    case cascade
    /// Dynamic Bayesian network.
    case dbn
  }

  /// How attention to positions is known.
  public var examination: Examination
  /// The family of the reward model; nil for no doubly robust estimate.
  public var reward: Family?
  /// No row counts more often.
  public var clip: Double
  /// The family that made the clicks which the slates were learnt from, where one did.
  public var trainedOn: Family?

  /// A plan.
  public init(
    examination: Examination = .fitted, reward: Family? = .dbn, clip: Double = 10,
    trainedOn: Family? = nil
  ) {
    self.examination = examination
    self.reward = reward
    self.clip = clip
    self.trainedOn = trainedOn
  }

  /// Refuses settings that cannot be, and judges that are party.
  func validate() throws {
    if reward == .pbm {
      throw VitrineError(
        "the reward model is position-based, as the weights are",
        remedy: "Choose cascade or dbn: the estimate is right where either of two is.")
    }
    if let trainedOn, trainedOn == reward || (trainedOn == .pbm && examination == .fitted) {
      throw VitrineError(
        "the slates were trained on clicks of the family \(trainedOn.rawValue), which would judge"
          + " them now: they would be right by construction",
        remedy: "Choose another reward model, or give the decay of attention (--eta) instead of"
          + " fitting it.")
    }
    if case .decay(let eta) = examination, !(eta >= 0 && eta.isFinite) {
      throw VitrineError("eta is \(eta)", remedy: "Give a finite number from 0.")
    }
    guard clip > 0 else {
      throw VitrineError("the clip is \(clip)", remedy: "Give a number above 0.")
    }
  }

  /// Judges slates by logged lists, whose items stand as they were shown and say `clicked`.
  /// - Throws: `VitrineError` for lists without clicks and slates without a list.
  public func report(on slates: [RankedList], log: [RankingRequest]) throws -> PolicyReport {
    try validate()
    let rows = try LoggedRows(slates, log)
    let positions = rows.sessions.map(\.items.count).max() ?? 0
    let theta: [Double]
    switch examination {
    case .decay(let eta): theta = (0..<positions).map { PolicyJudge.decay($0, eta) }
    case .fitted:
      theta = try PositionBasedModel.fit(rows.sessions, items: rows.items).examination
    }
    let weights = try PolicyValue.weights(
      logged: rows.logged, target: rows.target, examination: theta)
    let model = try reward.map { try rows.rewards($0, theta) }
    let value = try PolicyValue(
      rewards: rows.rewards, weights: weights, clip: clip, model: model)
    return PolicyReport(
      lists: rows.sessions.count, rows: rows.rewards.count, value: value,
      metrics: try rows.estimates(weights.map { min($0, clip) }, model), examination: theta,
      reward: reward)
  }

  private static func decay(_ place: Int, _ eta: Double) -> Double {
    pow(Double(place + 1), -eta)
  }
}

/// What slates would have earned.
public struct PolicyReport: Sendable, Codable {
  /// Logged lists.
  public var lists: Int
  /// Logged impressions.
  public var rows: Int
  /// The estimates, a row's clicks each.
  public var value: PolicyValue
  /// Clicks an impression by each estimate, with intervals over lists: of the log itself, of the
  /// slates, and of their difference.
  public var metrics: [MetricEstimate]
  /// Attention to each position, the first being 1.
  public var examination: [Double]
  /// The family of the reward model.
  public var reward: PolicyJudge.Family?
}
