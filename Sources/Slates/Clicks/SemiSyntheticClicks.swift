public import RankingData

/// The click generator of Seq2Slate's experiments (Bello et al., 2018): real judgements, simulated
/// looks.
///
/// From the top, position j is looked at with probability 1 / j^η, and a candidate that is looked at
/// and relevant enough is clicked. *Diverse* clicks ask besides that its distance to every candidate
/// clicked before exceeds a quantile of the list's pairwise distances.
public struct SemiSyntheticClicks: ClickWorld, Hashable {
  /// How fast attention falls; 0 looks at everything.
  public var eta: Double
  /// The least grade that is clicked.
  public var threshold: Double
  /// The quantile of the pairwise distances that a click must exceed; nil for no such condition.
  public var quantile: Double?

  /// Creates a world.
  public init(eta: Double = 1, threshold: Double = 1, quantile: Double? = nil) {
    self.eta = eta
    self.threshold = threshold
    self.quantile = quantile
  }

  /// See `ClickWorld`.
  public func validate() throws(SlateError) {
    try PositionDecay(eta: eta).validate()
    guard threshold.isFinite else {
      throw .configuration(
        field: "threshold", value: "\(threshold)", rule: "it must be a finite number")
    }
    if let quantile { try checkProbability("quantile", quantile) }
  }

  /// See `ClickWorld`. O(n), and O(n² · features) for diverse clicks.
  public func clicks(
    on judged: JudgedList, using random: inout SeededRandom
  ) throws(SlateError) -> [Bool] {
    let decay = PositionDecay(eta: eta)
    let wanted = judged.grades.enumerated().map { place, grade in
      Double.random(in: 0..<1, using: &random) < decay(place) && grade >= threshold
    }
    guard let quantile, wanted.contains(true) else { return wanted }
    let distances = FeatureDistances(judged.list)
    let least = distances.quantile(quantile)
    var clicked: [Int] = []
    return wanted.enumerated().map { place, isWanted in
      guard isWanted, clicked.allSatisfy({ distances(place, $0) > least }) else {
        return false
      }
      clicked.append(place)
      return true
    }
  }
}
