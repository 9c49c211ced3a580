import RankingData

extension LinearSVM {
  /// What a user chooses about a linear support vector machine.
  public struct Configuration: RankerConfiguration {
    /// The ranker this configures.
    public typealias Model = LinearSVM
    /// See `RankerConfiguration`.
    public static let kind = "linear_svm"
    /// See `RankerConfiguration`.
    public static let keys = CodingKeys.allCases.map(\.rawValue)

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "Linear support vector machine",
        paper: "Hsieh et al., A dual coordinate descent method for large-scale linear SVM, ICML "
          + "2008",
        reads: "Ids, ids of lists (their mean), numbers and components of images, each with a "
          + "weight; crosses must be named in the schema.",
        example: """
          model: {kind: linear_svm, c: 0.1}

          """)
    }

    /// C: what an error costs against a wider margin.
    public var c = 1.0
    /// How an error is measured.
    public var loss = MarginLoss.squaredHinge
    /// Solved when the duality gap is at most this share of the objective.
    public var tolerance = 1e-3
    /// The most passes over the rows.
    public var passes = 2000
    /// Whether scores become logits by Platt scaling on the validation rows.
    public var calibrate = true

    enum CodingKeys: String, CodingKey, CaseIterable { case c, loss, tolerance, passes, calibrate }

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&c, .c)
      try container.update(&loss, .loss)
      try container.update(&tolerance, .tolerance)
      try container.update(&passes, .passes)
      try container.update(&calibrate, .calibrate)
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try check("c", c, 1e-12...1e12)
      try check("tolerance", tolerance, 1e-12...1)
      try check("passes", passes, 1...10_000_000)
    }
  }
}
