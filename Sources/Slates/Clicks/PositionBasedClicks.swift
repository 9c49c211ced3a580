public import RankingData

/// Clicks by the position-based model (Richardson et al., WWW 2007): position j is looked at with
/// probability 1 / j^η, and what is looked at attracts by its grade, independently.
public struct PositionBasedClicks: ClickWorld, Hashable {
  /// How fast attention falls.
  public var eta: Double
  /// How grades attract.
  public var attraction: GradedAttraction

  /// Creates a world.
  public init(eta: Double = 1, attraction: GradedAttraction) {
    self.eta = eta
    self.attraction = attraction
  }

  /// See `ClickWorld`.
  public func validate() throws(SlateError) {
    try PositionDecay(eta: eta).validate()
    try attraction.validate()
  }

  /// See `ClickWorld`. O(n).
  public func clicks(
    on judged: JudgedList, using random: inout SeededRandom
  ) throws(SlateError) -> [Bool] {
    let decay = PositionDecay(eta: eta)
    return try attraction(judged).enumerated().map { place, item in
      Double.random(in: 0..<1, using: &random) < decay(place) * item.click
    }
  }
}
