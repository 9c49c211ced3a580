public import RankingData

/// Clicks by the dynamic Bayesian network model (Chapelle and Zhang, WWW 2009): whoever looks clicks
/// by the attraction of the grade, is satisfied by what the grade is worth and stops, and else goes
/// on with probability `perseverance`.
public struct DynamicBayesianClicks: ClickWorld, Hashable {
  /// How grades attract.
  public var attraction: GradedAttraction
  /// How likely a click on the highest grade satisfies; less by the worth of lower ones.
  public var satisfaction: Double
  /// How likely whoever is not satisfied goes on.
  public var perseverance: Double

  /// Creates a world.
  public init(
    attraction: GradedAttraction, satisfaction: Double = 0.7, perseverance: Double = 0.9
  ) {
    self.attraction = attraction
    self.satisfaction = satisfaction
    self.perseverance = perseverance
  }

  /// See `ClickWorld`.
  public func validate() throws(SlateError) {
    try attraction.validate()
    try checkProbability("satisfaction", satisfaction)
    try checkProbability("perseverance", perseverance)
  }

  /// See `ClickWorld`. O(n).
  public func clicks(
    on judged: JudgedList, using random: inout SeededRandom
  ) throws(SlateError) -> [Bool] {
    var isReading = true
    return try attraction(judged).map { item in
      let attracts = Double.random(in: 0..<1, using: &random) < item.click
      let satisfies = Double.random(in: 0..<1, using: &random) < satisfaction * item.worth
      let goesOn = Double.random(in: 0..<1, using: &random) < perseverance
      defer { if (attracts && satisfies) || !goesOn { isReading = false } }
      return isReading && attracts
    }
  }
}
