import Foundation

/// `Golden/metrics.json`, written by `tools/reference/metrics.py`.
struct Golden: Decodable {
  struct Pointwise: Decodable {
    var scores, labels, probabilities, weights: [Float]
    var groups: [Int32]
    var auc, groupedAuc, coverage, logLoss, weightedLogLoss, normalizedEntropy: Double
    var equalWidthError, ratio: Double
    var weightedAuc, weightedGroupedAuc, prAuc, weightedPrAuc, weightedRatio: Double
  }

  struct EqualMass: Decodable {
    var probabilities, labels: [Float]
    var error: Double
  }

  struct Ranked: Decodable {
    var grades: [Float]
    var ndcgLinear, ndcgLinear5, ndcgExponential, ndcgExponential5: Double
    var averagePrecision, reciprocalRank: Double
  }

  struct Diversity: Decodable {
    var vectors: [Float]
    var width: Int
    var distance: Double
  }

  struct Requests: Decodable {
    struct Mean: Decodable {
      var metric: String
      var value: Double
    }

    var scores, labels: [Float]
    var requests, ties: [Int32]
    var lists: Int
    var means: [Mean]
  }

  struct Drift: Decodable {
    var first, second: [Double]
    var psi, ks: Double
  }

  var pointwise: [Pointwise]
  var equalMass: EqualMass
  var ranked: [Ranked]
  var diversity: Diversity
  var requests: Requests
  var drift: Drift

  static func load() throws -> Golden {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/metrics.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Golden.self, from: Data(contentsOf: file))
  }
}

/// Reproducible numbers in [0, 1).
struct Chance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64 = 9) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// True with a probability.
  mutating func happens(_ probability: Double) -> Bool { uniform() < probability }
}

/// Whether two numbers agree to a relative tolerance.
func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  (a - b).magnitude <= tolerance * max(1, b.magnitude)
}
