internal import Foundation

// The click model on rows of the world's tables.
extension ClickSimulator {
  typealias Device = SimulationConfiguration.Device

  func relevance(user: Int, device: Device, item: Int) -> Double {
    let configuration = world.configuration
    let person = world.users[user]
    let offer = world.items[item]
    return configuration.interest + device.interest
      + configuration.qualityWeight * offer.quality
      + configuration.tasteWeight * innerProduct(person.taste, offer.visual)
      + configuration.affinityWeight * person.affinities[offer.category]
      - configuration.priceWeight * person.priceSensitivity * offer.relativePrice
  }

  func similarity(_ first: Int, _ second: Int) -> Double {
    let a = world.items[first]
    let b = world.items[second]
    guard a.category == b.category else { return 0 }
    var squared = 0.0
    for (x, y) in zip(a.visual, b.visual) { squared += (x - y) * (x - y) }
    let scale = world.configuration.similarityDistance
    let floor = world.configuration.categorySimilarity
    return floor + (1 - floor) * exp(-squared / (2 * scale * scale))
  }

  /// Chance that a position, from 0, is examined.
  func examination(_ position: Int, on device: Device) -> Double {
    pow(Double(position + 1), -device.positionExponent)
  }

  func probabilities(user: Int, device: Device, slate: [Int]) -> [Double] {
    let penalty = world.configuration.duplicatePenalty
    let examined = slate.indices.map { examination($0, on: device) }
    return slate.indices.map { position in
      let item = slate[position]
      var chance = examined[position] * sigmoid(relevance(user: user, device: device, item: item))
      for above in 0..<position {
        chance *= 1 - penalty * similarity(slate[above], item) * examined[above]
      }
      return chance
    }
  }

  func sample(
    user: Int, device: Device, slate: [Int], using random: inout SeededRandom
  ) -> [Bool] {
    let penalty = world.configuration.duplicatePenalty
    var seen: [Int] = []
    return slate.indices.map { position in
      guard random.flip(examination(position, on: device)) else { return false }
      let item = slate[position]
      var chance = sigmoid(relevance(user: user, device: device, item: item))
      for above in seen { chance *= 1 - penalty * similarity(above, item) }
      seen.append(item)
      return random.flip(chance)
    }
  }

  /// The log-odds that a click ends in a purchase. The picture, which earned the click, has no part in
  /// it beyond what it tells of quality.
  func purchaseInterest(user: Int, item: Int) -> Double {
    let configuration = world.configuration
    let person = world.users[user]
    let offer = world.items[item]
    return configuration.purchaseInterest
      + configuration.purchaseQualityWeight * offer.quality
      + configuration.purchaseAffinityWeight * person.affinities[offer.category]
      - configuration.purchasePriceWeight * person.priceSensitivity * offer.relativePrice
  }

  /// Whether each item was bought; only a clicked one may be.
  func samplePurchases(
    user: Int, slate: [Int], clicks: [Bool], using random: inout SeededRandom
  ) -> [Bool] {
    zip(slate, clicks).map { item, isClicked in
      isClicked && random.flip(sigmoid(purchaseInterest(user: user, item: item)))
    }
  }

  private func sigmoid(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }
}
