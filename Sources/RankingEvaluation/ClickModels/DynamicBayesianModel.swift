/// Dynamic Bayesian network click model (Chapelle and Zhang, WWW 2009): a click says that a title
/// attracts, and stopping after it that the item satisfies.
///
/// A user who looks at a position clicks with the item's attractiveness, is then satisfied with the
/// item's satisfaction and stops, and otherwise goes on with probability `perseverance`.
public struct DynamicBayesianModel: Sendable, Hashable, Codable {
  /// How likely each item is clicked once it is looked at.
  public var attractiveness: [Double]
  /// How likely each item satisfies once it is clicked.
  public var satisfaction: [Double]
  /// How likely an unsatisfied user goes on.
  public var perseverance: Double

  /// Creates a model.
  public init(attractiveness: [Double], satisfaction: [Double], perseverance: Double) {
    self.attractiveness = attractiveness
    self.satisfaction = satisfaction
    self.perseverance = perseverance
  }

  /// Fits by expectation maximisation.
  ///
  /// Down to the last click everything was looked at; what stays hidden is whether that click
  /// satisfied and how far the user read on. Both have closed forms by one pass from the bottom.
  /// O(iterations × impressions).
  /// - Parameters:
  ///   - perseverance: fixed at this value; fitted too when `nil`.
  ///   - iterations: at most; it ends when no attractiveness moves by more than `tolerance`.
  /// - Throws: `EvaluationError` for no sessions or an item number out of range.
  package static func fit(
    _ sessions: [ClickSession], items: Int, perseverance: Double? = nil, iterations: Int = 200,
    tolerance: Double = 1e-6
  ) throws(EvaluationError) -> DynamicBayesianModel {
    try check(sessions, items: items)
    if let perseverance { try checkProbabilities([perseverance], "Perseverance") }
    var model = DynamicBayesianModel(
      attractiveness: [Double](repeating: 0.3, count: items),
      satisfaction: [Double](repeating: 0.3, count: items), perseverance: perseverance ?? 0.8)
    for _ in 0..<iterations {
      var evidence = Evidence(items: items)
      for session in sessions { model.explain(session, &evidence) }
      let before = model.attractiveness
      model.attractiveness = evidence.attracted.map(\.smoothed)
      model.satisfaction = evidence.satisfied.map(\.smoothed)
      if perseverance == nil, evidence.wentOn.chances > 0 {
        model.perseverance = evidence.wentOn.successes / evidence.wentOn.chances
      }
      let step = zip(before, model.attractiveness).map { ($0 - $1).magnitude }.max() ?? 0
      if step < tolerance { break }
    }
    return model
  }

  private struct Evidence {
    var attracted: [SuccessRate]
    var satisfied: [SuccessRate]
    var wentOn = SuccessRate()

    init(items: Int) {
      attracted = [SuccessRate](repeating: SuccessRate(), count: items)
      satisfied = attracted
    }
  }

  /// Adds what a session is expected to say under the current parameters.
  private func explain(_ session: ClickSession, _ evidence: inout Evidence) {
    let count = session.items.count
    let last = session.lastClick ?? -1
    // silence[k]: no click from k on, given that k is looked at.
    var silence = [Double](repeating: 1, count: count + 1)
    for place in stride(from: count - 1, to: last, by: -1) {
      silence[place] =
        (1 - attractiveness[Int(session.items[place])]) * goesQuiet(silence[place + 1])
    }
    for place in 0..<max(last, 0) {
      let item = Int(session.items[place])
      evidence.attracted[item].add(session.clicks[place] ? 1 : 0)
      // Whoever clicks again was not satisfied before.
      if session.clicks[place] { evidence.satisfied[item].add(0) }
      evidence.wentOn.add(1)
    }
    var looked = 1.0
    if last >= 0 {
      let item = Int(session.items[last])
      evidence.attracted[item].add(1)
      let satisfied = satisfaction[item]
      let quiet = satisfied + (1 - satisfied) * goesQuiet(silence[last + 1])
      let posterior = satisfied / max(quiet, 1e-12)
      evidence.satisfied[item].add(posterior)
      guard last + 1 < count else { return }
      looked = (1 - satisfied) * perseverance * silence[last + 1] / max(quiet, 1e-12)
      evidence.wentOn.add(looked, of: 1 - posterior)
    }
    for place in last + 1..<count {
      evidence.attracted[Int(session.items[place])].add(0, of: looked)
      guard place + 1 < count else { break }
      let next =
        looked * perseverance * silence[place + 1] / max(goesQuiet(silence[place + 1]), 1e-12)
      evidence.wentOn.add(next, of: looked)
      looked = next
    }
  }

  private func goesQuiet(_ silence: Double) -> Double { 1 - perseverance + perseverance * silence }

  /// The probability of a click at each position of a list.
  public func clicks(_ items: [Int32]) -> [Double] {
    var reached = 1.0
    return items.map { item in
      let attracts = attractiveness[Int(item)]
      let click = reached * attracts
      reached *= perseverance * (1 - attracts * satisfaction[Int(item)])
      return click
    }
  }

  /// What each item is worth to a user who looks at it: attracted and satisfied.
  public var relevance: [Double] { zip(attractiveness, satisfaction).map { $0 * $1 } }
}
