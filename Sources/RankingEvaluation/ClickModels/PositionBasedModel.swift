/// Position-based click model: P(click) = examination of the position × attractiveness of the item,
/// independently (Richardson et al., WWW 2007).
public struct PositionBasedModel: Sendable, Hashable, Codable {
  /// How likely each position is looked at, the most looked at being 1: only ratios can be known.
  public var examination: [Double]
  /// How likely each item is clicked once it is looked at.
  public var attractiveness: [Double]

  /// Creates a model.
  public init(examination: [Double], attractiveness: [Double]) {
    self.examination = examination
    self.attractiveness = attractiveness
  }

  /// Fits both by expectation maximisation.
  ///
  /// Items must have been shown at different positions, or nothing tells a good item from a good
  /// place. O(iterations × impressions).
  /// - Parameters:
  ///   - items: number of items.
  ///   - iterations: at most; it ends when no examination moves by more than `tolerance`.
  /// - Throws: `EvaluationError` for no sessions or an item number out of range.
  package static func fit(
    _ sessions: [ClickSession], items: Int, iterations: Int = 500, tolerance: Double = 1e-6
  ) throws(EvaluationError) -> PositionBasedModel {
    try check(sessions, items: items)
    let positions = sessions.map(\.items.count).max() ?? 0
    var model = PositionBasedModel(
      examination: (0..<positions).map { 1 / Double($0 + 1) },
      attractiveness: [Double](repeating: 0.2, count: items))
    for _ in 0..<iterations {
      var looks = [SuccessRate](repeating: SuccessRate(), count: positions)
      var likes = [SuccessRate](repeating: SuccessRate(), count: items)
      for session in sessions {
        for (position, item) in session.items.enumerated() {
          let look = model.examination[position]
          let like = model.attractiveness[Int(item)]
          // Without a click, what was not liked may still have been seen, and the other way round.
          let missed = max(1 - look * like, 1e-12)
          let clicked = session.clicks[position]
          looks[position].add(clicked ? 1 : look * (1 - like) / missed)
          likes[Int(item)].add(clicked ? 1 : like * (1 - look) / missed)
        }
      }
      let before = model.examination
      let examination = looks.map { $0.successes / max($0.chances, 1) }
      let top = max(examination.max() ?? 1, 1e-12)
      model.examination = examination.map { $0 / top }
      // What normalising takes from the positions, the items get.
      model.attractiveness = likes.map { min($0.smoothed * top, 1) }
      let step = zip(before, model.examination).map { ($0 - $1).magnitude }.max() ?? 0
      if step < tolerance { break }
    }
    return model
  }

  /// Clicks of randomly swapped pairs: what was shown at a position, and at the first one in its
  /// place.
  public struct Swap: Sendable, Hashable, Codable {
    /// The position swapped with the first, from 0.
    public var position: Int
    /// Impressions left as they were, and clicks on the item at `position`.
    public var impressions: Int
    /// Clicks on the item while it stood at `position`.
    public var clicks: Int
    /// Impressions swapped: the item stood at the first position.
    public var swappedImpressions: Int
    /// Clicks on the item at the first position.
    public var swappedClicks: Int

    /// Creates the counts.
    public init(
      position: Int, impressions: Int, clicks: Int, swappedImpressions: Int, swappedClicks: Int
    ) {
      self.position = position
      self.impressions = impressions
      self.clicks = clicks
      self.swappedImpressions = swappedImpressions
      self.swappedClicks = swappedClicks
    }
  }

  /// Examination from randomised swaps with the first position: the same items at both places, so
  /// the ratio of their click rates is the ratio of the places (Joachims et al., WSDM 2017). The
  /// first position is 1; a position without swaps is `nil`. O(swaps).
  /// - Throws: `EvaluationError` for counts that cannot be, or no click at the first position.
  package static func examination(swaps: [Swap], positions: Int) throws(EvaluationError)
    -> [Double?]
  {
    var result = [Double?](repeating: nil, count: max(positions, 1))
    result[0] = 1
    for swap in swaps {
      guard (1..<max(positions, 1)).contains(swap.position),
        (0...swap.impressions).contains(swap.clicks),
        (0...swap.swappedImpressions).contains(swap.swappedClicks), swap.impressions > 0,
        swap.swappedClicks > 0
      else {
        throw EvaluationError(
          .outOfRange,
          "The swap of position \(swap.position) has \(swap.clicks) clicks in \(swap.impressions)"
            + " impressions and \(swap.swappedClicks) in \(swap.swappedImpressions) at the first."
            + " Positions lie from 1 to \(positions - 1), and both sides need impressions and the"
            + " first a click.")
      }
      let there = Double(swap.clicks) / Double(swap.impressions)
      let first = Double(swap.swappedClicks) / Double(swap.swappedImpressions)
      result[swap.position] = there / first
    }
    return result
  }

  /// The probability of a click on an item at a position.
  public func click(item: Int32, position: Int) -> Double {
    examination[position] * attractiveness[Int(item)]
  }
}
