/// One result list as a user saw it: item numbers from the top, and which were clicked.
public struct ClickSession: Sendable, Hashable {
  /// Item numbers in the order shown.
  public var items: [Int32]
  /// Whether each was clicked.
  public var clicks: [Bool]

  /// Creates a session.
  public init(items: [Int32], clicks: [Bool]) {
    precondition(
      items.count == clicks.count,
      "A session of \(items.count) items needs as many clicks, not \(clicks.count).")
    self.items = items
    self.clicks = clicks
  }

  /// The position of the last click.
  var lastClick: Int? { clicks.lastIndex(of: true) }
}

/// Checks the sessions and the item numbers in them.
func check(_ sessions: [ClickSession], items: Int) throws(EvaluationError) {
  try checkCounts(sessions.count)
  for (index, session) in sessions.enumerated() {
    if let item = session.items.first(where: { $0 < 0 || Int($0) >= items }) {
      throw EvaluationError(
        .outOfRange,
        "Session \(index) shows item \(item). Number the \(items) items from 0.")
    }
  }
}

/// A sum of successes over a sum of chances: what every M step divides.
struct SuccessRate {
  var successes = 0.0
  var chances = 0.0

  mutating func add(_ success: Double, of chance: Double = 1) {
    successes += success
    chances += chance
  }

  /// The rate with a quarter of a success in half a chance added, which keeps what was never or
  /// always clicked off 0 and 1.
  var smoothed: Double { (successes + 0.25) / (chances + 0.5) }
}
