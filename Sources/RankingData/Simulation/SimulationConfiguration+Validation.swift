extension SimulationConfiguration {
  /// Throws for the first value outside its range.
  func validate() throws(SimulationError) {
    try require("users", users, "from 1 to 10 million") { 1...10_000_000 ~= $0 }
    try require("sessions", sessions, "from 1 to 100 million") { 1...100_000_000 ~= $0 }
    try require("minimum_candidates", minimumCandidates, "at least 1") { $0 >= 1 }
    let shortest = minimumCandidates
    try require("maximum_candidates", maximumCandidates, "from minimum_candidates to 10000") {
      $0 >= shortest && $0 <= 10_000
    }
    try require("start", start, "within 950 years of 1970") {
      -30_000_000_000...30_000_000_000 ~= $0
    }
    try require("days", days, "greater than 0 and at most 36500") { $0 > 0 && $0 <= 36_500 }
    try require("initial_share", initialShare, "from 0 to 1") { 0...1 ~= $0 }
    try require("freshness_days", freshnessDays, "greater than 0") { $0 > 0 }
    try require("freshness_floor", freshnessFloor, "greater than 0, at most 1") {
      $0 > 0 && $0 <= 1
    }
    try require("logging_skill", loggingSkill, "from 0 to 1") { 0...1 ~= $0 }
    try require("trend_share", trendShare, "from 0 to 1") { 0...1 ~= $0 }
    try require("taste_attributes", tasteAttributes, "at least 1") { $0 >= 1 }
    try require("duplicate_penalty", duplicatePenalty, "from 0 to 1") { 0...1 ~= $0 }
    try require("category_similarity", categorySimilarity, "from 0 to 1") { 0...1 ~= $0 }
    try require("similarity_distance", similarityDistance, "greater than 0") { $0 > 0 }
    for (key, weight) in [
      ("recall_affinity", recallAffinity), ("recall_taste", recallTaste),
      ("recall_focus", recallFocus), ("interest", interest), ("quality_weight", qualityWeight),
      ("taste_weight", tasteWeight), ("affinity_weight", affinityWeight),
      ("price_weight", priceWeight), ("purchase_interest", purchaseInterest),
      ("purchase_quality_weight", purchaseQualityWeight),
      ("purchase_affinity_weight", purchaseAffinityWeight),
      ("purchase_price_weight", purchasePriceWeight),
    ] {
      try require(key, weight, "from -100 to 100") { -100...100 ~= $0 }
    }
    try require("devices", devices.map(\.name), "one or more, with different names") {
      !$0.isEmpty && Set($0).count == $0.count
    }
    for device in devices {
      try require("devices.share", device.share, "greater than 0") { $0 > 0 && $0.isFinite }
      try require("devices.position_exponent", device.positionExponent, "from 0 to 10") {
        0...10 ~= $0
      }
      try require("devices.interest", device.interest, "from -100 to 100") { -100...100 ~= $0 }
    }
  }

  private func require<Value>(
    _ key: String, _ value: Value, _ requirement: String, _ holds: (Value) -> Bool
  ) throws(SimulationError) {
    if !holds(value) {
      throw .configuration(key: key, value: "\(value)", requirement: requirement)
    }
  }
}
