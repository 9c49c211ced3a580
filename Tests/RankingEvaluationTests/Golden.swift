import Foundation

/// `Golden/metrics.json`, written by `tools/reference/metrics.py`.
struct Golden: Decodable {
  struct Pointwise: Decodable {
    var scores, labels, probabilities, weights: [Float]
    var groups: [Int32]
    var auc, groupedAuc, coverage, logLoss, weightedLogLoss, normalizedEntropy: Double
    var equalWidthError, ratio: Double
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

  var pointwise: [Pointwise]
  var equalMass: EqualMass
  var ranked: [Ranked]
  var diversity: Diversity

  static func load() throws -> Golden {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/metrics.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Golden.self, from: Data(contentsOf: file))
  }
}

/// Whether two numbers agree to a relative tolerance.
func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  (a - b).magnitude <= tolerance * max(1, b.magnitude)
}
