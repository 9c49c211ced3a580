extension SimulationConfiguration {
  /// Throws for the first value outside its range.
  func validate() throws(SimulationError) {
    try require("users", users, "from 1 to 10 million") { 1...10_000_000 ~= $0 }
    try require("sessions", sessions, "from 1 to 100 million") { 1...100_000_000 ~= $0 }
    try require("minimumCandidates", minimumCandidates, "at least 1") { $0 >= 1 }
    let shortest = minimumCandidates
    try require("maximumCandidates", maximumCandidates, "from minimumCandidates to 10000") {
      $0 >= shortest && $0 <= 10_000
    }
    try require("start", start, "between the years 1900 and 2900") { abs($0) < 30_000_000_000 }
    try require("days", days, "greater than 0 and at most 36500") { $0 > 0 && $0 <= 36_500 }
    try require("initialShare", initialShare, "from 0 to 1") { 0...1 ~= $0 }
    try require("freshnessDays", freshnessDays, "greater than 0") { $0 > 0 }
    try require("freshnessFloor", freshnessFloor, "greater than 0, at most 1") { $0 > 0 && $0 <= 1 }
    try require("loggingSkill", loggingSkill, "from 0 to 1") { 0...1 ~= $0 }
    try require("trendShare", trendShare, "from 0 to 1") { 0...1 ~= $0 }
    try require("tasteAttributes", tasteAttributes, "at least 1") { $0 >= 1 }
    try require("duplicatePenalty", duplicatePenalty, "from 0 to 1") { 0...1 ~= $0 }
    try require("categorySimilarity", categorySimilarity, "from 0 to 1") { 0...1 ~= $0 }
    try require("similarityDistance", similarityDistance, "greater than 0") { $0 > 0 }
    for (key, weight) in [
      ("recallAffinity", recallAffinity), ("recallTaste", recallTaste),
      ("recallFocus", recallFocus), ("interest", interest), ("qualityWeight", qualityWeight),
      ("tasteWeight", tasteWeight), ("affinityWeight", affinityWeight),
      ("priceWeight", priceWeight),
    ] {
      try require(key, weight, "from -100 to 100") { -100...100 ~= $0 }
    }
    try require("devices", devices.map(\.name), "one or more, with different names") {
      !$0.isEmpty && Set($0).count == $0.count
    }
    for device in devices {
      try require("devices.share", device.share, "greater than 0") { $0 > 0 && $0.isFinite }
      try require("devices.positionExponent", device.positionExponent, "from 0 to 10") {
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
