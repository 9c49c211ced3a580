/// What metrics of one name do differently from toolkit to toolkit, decided in one place and printed
/// with every report: the same ranking can differ by 0.1 in NDCG over nothing else.
public struct MetricConventions: Sendable, Hashable, Codable {
  /// What a request without any relevant item counts in a mean over requests.
  public var emptyRequests: EmptyListPolicy
  /// What a grade is worth in NDCG.
  public var gain: NDCG.Gain

  /// The grade from which an item counts as relevant, or a row as positive, where two classes are
  /// wanted: AUC, MAP, MRR, precision, recall. Exactly the positive grades of whole numbers, and the
  /// likelier half of probabilities.
  package static let relevantFrom: Float = 0.5

  /// Bins of the calibration error.
  package static let calibrationBins = 15

  enum CodingKeys: String, CodingKey {
    case gain
    case emptyRequests = "empty_requests"
  }

  /// Creates a choice.
  public init(emptyRequests: EmptyListPolicy = .excluded, gain: NDCG.Gain = .exponential) {
    self.emptyRequests = emptyRequests
    self.gain = gain
  }

  /// Whether a grade counts as relevant.
  package static func isRelevant(_ grade: Float) -> Bool { grade >= relevantFrom }
}

extension MetricConventions: CustomStringConvertible {
  /// All of them in one line.
  public var description: String {
    let empty =
      switch emptyRequests {
      case .excluded: "are left out"
      case .zero: "count 0"
      case .one: "count 1"
      }
    let worth =
      switch gain {
      case .exponential: "2^grade - 1"
      case .linear: "the grade"
      }
    return "requests without a relevant item \(empty); relevant from grade \(Self.relevantFrom);"
      + " gain \(worth), discount 1/log2(rank + 1); equal scores rank by item id, and are half a"
      + " pair in AUC; PR-AUC is a sum of steps, not trapezoids; ECE over \(Self.calibrationBins)"
      + " bins"
  }
}
