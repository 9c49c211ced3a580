import RankingData

extension LogisticRegression {
  /// What a user chooses about a logistic regression.
  public struct Configuration: RankerConfiguration {
    /// The ranker this configures.
    public typealias Model = LogisticRegression
    /// See `RankerConfiguration`.
    public static let kind = "logistic"
    /// See `RankerConfiguration`.
    public static let keys = CodingKeys.allCases.map(\.rawValue)

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "Logistic regression",
        paper: "McMahan et al., Ad click prediction: a view from the trenches, KDD 2013 "
          + "(optimizer: ftrl)",
        reads: "Ids, ids of lists (their mean), numbers and components of images, each with a "
          + "weight; crosses must be named in the schema.",
        example: """
          model: {kind: logistic}
          training: {optimizer: ftrl, learning_rate: 0.1, ftrl: {l1: 0.5, l2: 1}}

          """)
    }

    /// λ of the penalty `λ/2 · Σ w²` on every weight but the bias.
    public var l2 = 0.0

    enum CodingKeys: String, CodingKey, CaseIterable {
      case l2
    }

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&l2, .l2)
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try check("l2", l2, 0...1000)
    }
  }
}
