/// Why a simulation could not run, or a slate could not be judged.
public enum SimulationError: Error, Sendable, Hashable {
  /// A configuration value lies outside its range.
  case configuration(key: String, value: String, requirement: String)
  /// The first sessions need more items than are on sale at the start.
  case tooFewItems(found: Int, needed: Int)
  /// An item cannot be used.
  case item(id: String, reason: String)
  /// A world read from a file does not fit together.
  case world(reason: String)
  /// The world has no such user.
  case unknownUser(String)
  /// The world has no such item.
  case unknownItem(String)
  /// The world has no such device.
  case unknownDevice(String)
}

extension SimulationError: CustomStringConvertible {
  /// What failed, why, and what to do.
  public var description: String {
    switch self {
    case .configuration(let key, let value, let requirement):
      "Simulation configuration: \(key) is \(value), but must be \(requirement)."
    case .tooFewItems(let found, let needed):
      "The simulation needs \(needed) items on sale at the start, but there are \(found). "
        + "Give it a larger catalogue, raise initial_share or lower maximum_candidates."
    case .item(let id, let reason):
      "The simulation cannot use item '\(id)': \(reason)."
    case .world(let reason):
      "The simulated world does not fit together: \(reason). Simulate again to replace the file."
    case .unknownUser(let id):
      "The simulated world has no user '\(id)'. Judge only requests of the same simulation."
    case .unknownItem(let id):
      "The simulated world has no item '\(id)'. Judge only items of the simulated catalogue."
    case .unknownDevice(let name):
      "The simulated world has no device '\(name)'."
    }
  }
}
