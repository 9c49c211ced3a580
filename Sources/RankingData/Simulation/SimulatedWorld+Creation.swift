internal import Foundation

extension SimulatedWorld {
  private enum Stream {
    static let items: UInt64 = 1
    static let launches: UInt64 = 2
    static let users: UInt64 = 3
  }

  /// Draws a world around a catalogue.
  init(
    configuration: SimulationConfiguration, catalogue: [SimulatedItem], seed: UInt64
  ) throws(SimulationError) {
    try configuration.validate()
    try Self.validate(catalogue)
    self.configuration = configuration
    categories = Set(catalogue.map(\.category)).sorted()
    items = Self.items(of: catalogue, categories: categories, configuration, seed: seed)
    users = Self.users(
      configuration, attributes: catalogue.first?.attributes.count ?? 0,
      categories: categories.count, seed: seed)
    let atStart = items.count { $0.launch == configuration.start }
    guard atStart >= configuration.maximumCandidates else {
      throw .tooFewItems(found: atStart, needed: configuration.maximumCandidates)
    }
  }

  private static func validate(_ catalogue: [SimulatedItem]) throws(SimulationError) {
    var seen = Set<String>()
    let width = catalogue.first?.attributes.count ?? 0
    for item in catalogue {
      guard seen.insert(item.id).inserted else {
        throw .item(id: item.id, reason: "its id occurs twice in the catalogue")
      }
      guard item.attributes.count == width, width > 0 else {
        throw .item(
          id: item.id,
          reason: "it has \(item.attributes.count) visual attributes, the first item has \(width)")
      }
      guard item.attributes.allSatisfy({ abs($0) < 1e100 }) else {
        throw .item(id: item.id, reason: "an attribute is not a finite number below 1e100")
      }
      guard item.price > 0, item.price.isFinite else {
        throw .item(id: item.id, reason: "its price \(item.price) is not greater than 0")
      }
    }
  }

  private static func items(
    of catalogue: [SimulatedItem], categories: [String], _ configuration: SimulationConfiguration,
    seed: UInt64
  ) -> [Item] {
    let visual = Whitening.whiten(catalogue.map(\.attributes))
    let numbers = Dictionary(uniqueKeysWithValues: zip(categories, categories.indices))
    let category = catalogue.map { numbers[$0.category] ?? 0 }
    var relativePrices = [Double](repeating: 0, count: catalogue.count)
    for number in categories.indices {
      let members = catalogue.indices.filter { category[$0] == number }
      let prices = Whitening.standardize(members.map { log(catalogue[$0].price) })
      for (member, price) in zip(members, prices) { relativePrices[member] = price }
    }
    var random = SeededRandom(seed: seed, stream: Stream.items)
    let width = catalogue.first?.attributes.count ?? 0
    let trend = random.sparseDirection(width: width, count: width)
    let launches = launches(of: catalogue.count, configuration, seed: seed)
    return catalogue.indices.map { index in
      let seen = configuration.trendShare.squareRoot() * innerProduct(trend, visual[index])
      let hidden = (1 - configuration.trendShare).squareRoot() * random.normal()
      return Item(
        id: catalogue[index].id, category: category[index], price: catalogue[index].price,
        relativePrice: relativePrices[index], visual: visual[index], quality: seen + hidden,
        launch: launches[index])
    }
  }

  /// Launch times: a random part of the catalogue at the start, the rest evenly over the log.
  private static func launches(
    of count: Int, _ configuration: SimulationConfiguration, seed: UInt64
  ) -> [Int64] {
    var random = SeededRandom(seed: seed, stream: Stream.launches)
    let atStart = Int((Double(count) * configuration.initialShare).rounded(.up))
    var launches = [Int64](repeating: configuration.start, count: count)
    let order = Array(0..<count).shuffled(using: &random)
    for (number, index) in order.dropFirst(atStart).enumerated() {
      let share = (Double(number) + random.uniform()) / Double(count - atStart)
      launches[index] += max(1, Int64(share * configuration.days * 86_400))
    }
    return launches
  }

  private static func users(
    _ configuration: SimulationConfiguration, attributes: Int, categories: Int, seed: UInt64
  ) -> [User] {
    var random = SeededRandom(seed: seed, stream: Stream.users)
    let digits = String(configuration.users).count
    return (1...configuration.users).map { number in
      let name = String(number)
      return User(
        id: "u" + String(repeating: "0", count: digits - name.count) + name,
        taste: random.sparseDirection(width: attributes, count: configuration.tasteAttributes),
        affinities: (0..<categories).map { _ in random.normal() },
        // Log-normal with mean 1.
        priceSensitivity: exp(0.8 * random.normal() - 0.32),
        activity: exp(0.7 * random.normal()))
    }
  }
}

/// The inner product of two vectors of one length.
func innerProduct(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for (x, y) in zip(a, b) { sum += x * y }
  return sum
}
