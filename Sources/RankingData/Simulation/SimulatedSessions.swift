/// One request as it was answered and logged.
public struct SimulatedSession: Sendable, Hashable {
  /// Request id.
  public var id: String
  /// User id.
  public var user: String
  /// Seconds since 1970.
  public var timestamp: Int64
  /// Device name.
  public var device: String
  /// Item ids in the order shown, top first.
  public var items: [String]
  /// Whether each item was clicked.
  public var clicks: [Bool]
  /// Whether each item was bought, which takes a click.
  public var purchases: [Bool]
}

/// A simulated log, in order of time, and the world behind it.
public struct SimulatedSessions: Sendable {
  /// The truth. Never a training input.
  public var world: SimulatedWorld
  /// The log, in order of time.
  public var sessions: [SimulatedSession]

  /// The simulator that judges slates for these users.
  public func clickSimulator() throws(SimulationError) -> ClickSimulator {
    try ClickSimulator(world: world)
  }
}
