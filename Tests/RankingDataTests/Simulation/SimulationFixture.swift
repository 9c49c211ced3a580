import RankingData

/// A catalogue of 120 items with random attributes; item 119 repeats item 118.
func simulatedCatalogue(count: Int = 120) -> [SimulatedItem] {
  var random = SeededRandom(seed: 1)
  var items = (0..<count).map { number in
    SimulatedItem(
      id: "i\(number)", category: ["dress", "hat", "shoes", "shirt"][number / 2 % 4],
      price: Double.random(in: 5...100, using: &random),
      attributes: (0..<5).map { Double.random(in: 0...Double(1 + $0), using: &random) })
  }
  items[count - 1].attributes = items[count - 2].attributes
  return items
}

func smallConfiguration() -> SimulationConfiguration {
  var configuration = SimulationConfiguration()
  configuration.users = 50
  configuration.sessions = 1_500
  configuration.initialShare = 0.5
  return configuration
}

/// The share of clicks, and the number of impressions, at each position.
func clickRates(_ sessions: [SimulatedSession], positions: Int) -> [Double] {
  var shown = [Double](repeating: 0, count: positions)
  var clicked = [Double](repeating: 0, count: positions)
  for session in sessions {
    for position in 0..<min(positions, session.items.count) {
      shown[position] += 1
      clicked[position] += session.clicks[position] ? 1 : 0
    }
  }
  return zip(clicked, shown).map { $0 / $1 }
}
