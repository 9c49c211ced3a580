import Foundation

/// The course of `CalibratedSlate` over one list.
package struct CalibratedSelection: SlateSelection {
  private let calibration: SlateCalibration
  private let configuration: CalibratedSlate
  /// `tradeOff · relevance`.
  private let gains: [Double]
  private var candidates: CandidateValues
  private var taken = 0
  /// The places each category has, by their weight.
  private var masses: [Double]
  private var total = 0.0
  /// What an item of each category would take off the divergence; scratch.
  private var bonuses: [Double]

  package init(
    _ configuration: CalibratedSlate, relevance: [Double], calibration: SlateCalibration
  ) {
    precondition(
      calibration.categories.count == relevance.count,
      "\(calibration.categories.count) items, \(relevance.count) relevances")
    self.configuration = configuration
    self.calibration = calibration
    gains = scaledRelevance(relevance).map { $0 * configuration.tradeOff }
    candidates = CandidateValues(gains)
    masses = [Double](repeating: 0, count: calibration.wanted.count)
    bonuses = masses
    update()
  }

  package mutating func best(_ allowed: [UInt8]) -> Int? { candidates.best(allowed) }

  package mutating func take(_ candidate: Int) {
    candidates.take(candidate)
    let category = Int(calibration.categories[candidate])
    if category >= 0 { masses[category] += placeWeight }
    total += placeWeight
    taken += 1
    update()
  }

  package func nearest(_ candidate: Int) -> (candidate: Int, similarity: Double)? { nil }

  /// The weight of the next place.
  private var placeWeight: Double {
    configuration.discountsRanks ? 1 / log2(Double(taken + 2)) : 1
  }

  /// The next item makes the same change to the sum of weights whatever it is, so only the share of
  /// its own category tells candidates apart.
  private mutating func update() {
    let weight = placeWeight
    for (category, share) in calibration.wanted.enumerated() where share > 0 {
      bonuses[category] =
        share
        * log(
          smoothed(masses[category] + weight, share, total + weight)
            / smoothed(masses[category], share, total + weight))
    }
    let strength = 1 - configuration.tradeOff
    for (i, category) in calibration.categories.enumerated() {
      candidates.values[i] = gains[i] + (category < 0 ? 0 : strength * bonuses[Int(category)])
    }
  }

  private func smoothed(_ mass: Double, _ share: Double, _ total: Double) -> Double {
    (1 - configuration.smoothing) * mass / total + configuration.smoothing * share
  }

  /// KL(p ‖ q) of what was taken, in nats, over the categories that candidates have; infinite before
  /// the first.
  package var divergence: Double {
    guard total > 0 else { return .infinity }
    return zip(calibration.wanted, masses).reduce(0) { sum, pair in
      let (share, mass) = pair
      return share > 0 ? sum + share * log(share / smoothed(mass, share, total)) : sum
    }
  }
}
