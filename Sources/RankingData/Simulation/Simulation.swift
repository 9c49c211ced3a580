internal import Foundation

/// A simulated shop: users with tastes visit it, are shown lists of recalled items, click, and buy some
/// of what they clicked.
///
/// It stands in for a click log where none can be had: new items keep arriving, so that a ranker
/// has to judge pictures it never saw clicks on; the logging policy is mediocre, position biases
/// what is seen, and users pass over what looks like something they have just seen. The same
/// configuration, catalogue and seed give the same log.
public struct Simulation: Sendable {
  private let seed: UInt64
  private let simulator: ClickSimulator

  /// Draws users and hidden qualities around a catalogue.
  ///
  /// - Throws: `SimulationError` for a configuration or catalogue that cannot be simulated.
  public init(
    configuration: SimulationConfiguration = SimulationConfiguration(), items: [SimulatedItem],
    seed: UInt64
  ) throws(SimulationError) {
    self.seed = seed
    simulator = try ClickSimulator(
      world: SimulatedWorld(configuration: configuration, catalogue: items, seed: seed))
  }

  /// Simulates all sessions. O(sessions · items).
  public func run() -> SimulatedSessions {
    var random = SeededRandom(seed: seed, stream: 4)
    var purchasing = SeededRandom(seed: seed, stream: 5)
    let world = simulator.world
    let configuration = world.configuration
    let length = configuration.days * 86_400
    let times = (0..<configuration.sessions)
      .map { _ in configuration.start + Int64(random.uniform() * length) }.sorted()
    let users = CumulativeShares(world.users.map(\.activity))
    let devices = CumulativeShares(configuration.devices.map(\.share))
    let digits = String(configuration.sessions).count
    let sessions = times.enumerated().map { number, time in
      let name = String(number + 1)
      let user = users.draw(using: &random)
      let device = configuration.devices[devices.draw(using: &random)]
      let recalled = recall(user: user, at: time, using: &random)
      let shown = arrange(recalled, user: user, device: device, using: &random)
      let clicks = simulator.sample(user: user, device: device, slate: shown, using: &random)
      return SimulatedSession(
        id: "r" + String(repeating: "0", count: digits - name.count) + name,
        user: world.users[user].id, timestamp: time, device: device.name,
        items: shown.map { world.items[$0].id }, clicks: clicks,
        purchases: simulator.samplePurchases(
          user: user, slate: shown, clicks: clicks, using: &purchasing))
    }
    return SimulatedSessions(world: world, sessions: sessions)
  }

  /// Draws candidates without replacement from what is on sale: new items, the user's categories
  /// and what fits the user's eye more often.
  private func recall(
    user: Int, at time: Int64, using random: inout SeededRandom
  ) -> [Int] {
    let world = simulator.world
    let configuration = world.configuration
    let person = world.users[user]
    let focus = Set(
      world.categories.indices
        .map { (key: person.affinities[$0] + random.gumbel(), category: $0) }
        .sorted { $0.key > $1.key }.prefix(2).map(\.category))
    var keys: [(key: Double, item: Int)] = []
    for (index, item) in world.items.enumerated() where item.launch <= time {
      let age = Double(time - item.launch) / 86_400
      let isNew = item.launch > configuration.start
      let fresh = isNew ? exp(-age / configuration.freshnessDays) : 0
      let weight = configuration.freshnessFloor + (1 - configuration.freshnessFloor) * fresh
      let key =
        log(weight) + configuration.recallAffinity * person.affinities[item.category]
        + configuration.recallTaste * innerProduct(person.taste, item.visual)
        + (focus.contains(item.category) ? configuration.recallFocus : 0) + random.gumbel()
      keys.append((key, index))
    }
    let count = Int.random(
      in: configuration.minimumCandidates...configuration.maximumCandidates, using: &random)
    return keys.sorted { $0.key > $1.key }.prefix(count).map(\.item)
  }

  /// Orders candidates by a score that correlates with relevance as much as the logging policy is
  /// skilled.
  private func arrange(
    _ items: [Int], user: Int, device: SimulationConfiguration.Device,
    using random: inout SeededRandom
  ) -> [Int] {
    let skill = simulator.world.configuration.loggingSkill
    let noise = (1 - skill * skill).squareRoot()
    let relevance = Whitening.standardize(
      items.map { simulator.relevance(user: user, device: device, item: $0) })
    return zip(items, relevance)
      .map { (score: skill * $1 + noise * random.normal(), item: $0) }
      .sorted { $0.score > $1.score }.map(\.item)
  }
}

/// Draws positions in proportion to their shares.
private struct CumulativeShares {
  private var sums: [Double] = []

  init(_ shares: [Double]) {
    var sum = 0.0
    for share in shares {
      sum += share
      sums.append(sum)
    }
  }

  /// O(log count).
  func draw(using random: inout SeededRandom) -> Int {
    let target = random.uniform() * (sums.last ?? 0)
    var range = 0..<max(sums.count - 1, 0)
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = sums[middle] < target ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }
}
