public import RankingData

/// Clicks by the cascade model (Craswell et al., WSDM 2008): from the top, every candidate is looked
/// at until the first click.
public struct CascadeClicks: ClickWorld, Hashable {
  /// How grades attract.
  public var attraction: GradedAttraction

  /// Creates a world.
  public init(attraction: GradedAttraction) { self.attraction = attraction }

  /// See `ClickWorld`.
  public func validate() throws(SlateError) { try attraction.validate() }

  /// See `ClickWorld`. O(n).
  public func clicks(
    on judged: JudgedList, using random: inout SeededRandom
  ) throws(SlateError) -> [Bool] {
    var isReading = true
    return try attraction(judged).map { item in
      let attracts = Double.random(in: 0..<1, using: &random) < item.click
      defer { if attracts { isReading = false } }
      return isReading && attracts
    }
  }
}
