internal import Foundation

/// How users of a simulated world click: exact probabilities for any slate, and random clicks.
///
/// Position j (from 1) is examined with probability e_j = j^-η, independently of the others; η
/// depends on the device. An examined item is clicked with probability
///
///     σ(relevance) · ∏ (1 - δ · similarity)
///
/// where the product runs over the examined items above it and δ is the duplicate penalty:
/// what looks like something just seen is passed over. Since examinations are independent, the
/// probability of a click at position j is exactly
///
///     e_j · σ(r_j) · ∏_{i<j} (1 - δ · s_ij · e_i)
///
/// A click ends in a purchase with the probability σ(purchase interest), which depends on quality, affinity
/// and price in its own way.
///
/// The position-based part is the model of Richardson, Dominowska and Ragno (WWW 2007).
public struct ClickSimulator: Sendable {
  /// The truth behind the clicks.
  public let world: SimulatedWorld
  private let userRows: [String: Int]
  private let itemRows: [String: Int]

  /// Creates a simulator of a world, its own or one read from a file.
  public init(world: SimulatedWorld) throws(SimulationError) {
    try world.validate()
    self.world = world
    userRows = Dictionary(
      zip(world.users.map(\.id), world.users.indices), uniquingKeysWith: { first, _ in first })
    itemRows = Dictionary(
      zip(world.items.map(\.id), world.items.indices), uniquingKeysWith: { first, _ in first })
  }

  /// The expected number of clicks on a slate. O(length²).
  ///
  /// - Parameters:
  ///   - user: id of the user who sees the slate.
  ///   - device: the device it is seen on; nil averages over the devices' shares.
  ///   - slate: item ids, top first.
  /// - Throws: `SimulationError` for a user, item or device that the world does not have.
  public func expectedClicks(
    user: String, device: String? = nil, slate: [String]
  ) throws(SimulationError) -> Double {
    try clickProbabilities(user: user, device: device, slate: slate).reduce(0, +)
  }

  /// The probability of a click at each position of a slate, top first. O(length²).
  public func clickProbabilities(
    user: String, device: String? = nil, slate: [String]
  ) throws(SimulationError) -> [Double] {
    let userRow = try row(ofUser: user)
    let rows = try rows(ofItems: slate)
    if let device {
      return probabilities(user: userRow, device: try find(device), slate: rows)
    }
    let total = world.configuration.devices.reduce(0) { $0 + $1.share }
    var mixture = [Double](repeating: 0, count: slate.count)
    for device in world.configuration.devices {
      let part = probabilities(user: userRow, device: device, slate: rows)
      for position in part.indices { mixture[position] += device.share / total * part[position] }
    }
    return mixture
  }

  /// The true log-odds of a click on an item once it is examined, without regard to other items.
  public func relevance(
    user: String, device: String, item: String
  ) throws(SimulationError) -> Double {
    let rows = try rows(ofItems: [item])
    return relevance(user: try row(ofUser: user), device: try find(device), item: rows[0])
  }

  /// The probability that a click of a user on an item ends in a purchase.
  public func purchaseProbability(
    user: String, item: String
  ) throws(SimulationError) -> Double {
    let rows = try rows(ofItems: [item])
    return 1 / (1 + exp(-purchaseInterest(user: try row(ofUser: user), item: rows[0])))
  }

  /// How much the second of two items is passed over once the first was seen: 1 for a double, 0
  /// across categories.
  public func similarity(_ first: String, _ second: String) throws(SimulationError) -> Double {
    let rows = try rows(ofItems: [first, second])
    return similarity(rows[0], rows[1])
  }

  /// Draws the clicks of one user on one slate, top first.
  public func sampleClicks(
    user: String, device: String, slate: [String], using random: inout SeededRandom
  ) throws(SimulationError) -> [Bool] {
    let rows = try rows(ofItems: slate)
    return sample(
      user: try row(ofUser: user), device: try find(device), slate: rows, using: &random)
  }

  private func row(ofUser id: String) throws(SimulationError) -> Int {
    guard let row = userRows[id] else { throw .unknownUser(id) }
    return row
  }

  private func rows(ofItems ids: [String]) throws(SimulationError) -> [Int] {
    var rows: [Int] = []
    for id in ids {
      guard let row = itemRows[id] else { throw .unknownItem(id) }
      rows.append(row)
    }
    return rows
  }

  private func find(_ name: String) throws(SimulationError) -> SimulationConfiguration.Device {
    guard let device = world.configuration.devices.first(where: { $0.name == name }) else {
      throw .unknownDevice(name)
    }
    return device
  }
}
