/// How users read a slate, from the top.
public enum ReadingModel: Sendable, Hashable, Codable {
  /// Position k is looked at with a probability of its own, whatever happens elsewhere.
  case positionBased([Double])
  /// Every position is read in turn until the first click (Craswell et al., WSDM 2008), going on
  /// after an item without a click with probability `patience`.
  case cascade(patience: Double)
}

/// What a slate is expected to earn.
public struct SlateClicks: Sendable, Hashable {
  /// Expected number of clicks.
  public var expected: Double
  /// Probability of at least one click: the slate's click-through rate.
  public var clickThrough: Double
}

/// Expected clicks on a slate of items with given click probabilities once looked at, in slate
/// order. O(n).
/// - Throws: `EvaluationError` for probabilities outside [0, 1] or a reading model that is shorter
///   than the slate.
package func expectedClicks(_ attractiveness: [Double], _ model: ReadingModel)
  throws(EvaluationError) -> SlateClicks
{
  try checkProbabilities(attractiveness, "Attractiveness")
  switch model {
  case .positionBased(let examination):
    try checkProbabilities(examination, "Examination")
    guard examination.count >= attractiveness.count else {
      throw EvaluationError(
        .lengthMismatch,
        "A slate of \(attractiveness.count) items has \(examination.count) examination "
          + "probabilities. Give one for each position.")
    }
    var expected = 0.0
    var none = 1.0
    for (item, look) in zip(attractiveness, examination) {
      expected += item * look
      none *= 1 - item * look
    }
    return SlateClicks(expected: expected, clickThrough: 1 - none)
  case .cascade(let patience):
    try checkProbabilities([patience], "Patience")
    var reached = 1.0
    var clicked = 0.0
    for item in attractiveness {
      clicked += reached * item
      reached *= (1 - item) * patience
    }
    return SlateClicks(expected: clicked, clickThrough: clicked)
  }
}
