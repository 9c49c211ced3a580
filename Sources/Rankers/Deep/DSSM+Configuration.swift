import RankingData

extension DSSM {
  /// What a user chooses about two towers.
  public struct Configuration: RankerConfiguration {
    /// The ranker this configures.
    public typealias Model = DSSM
    /// See `RankerConfiguration`.
    public static let kind = "dssm"
    /// See `RankerConfiguration`.
    public static let keys = CodingKeys.allCases.map(\.rawValue)

    /// Fields of the user's tower by their names in the schema; nil for all that are not the item's, crosses aside.
    public var user: [String]?
    /// Fields of the item's tower beside its id, and the attributes that the history has too.
    public var item: [String] = []
    /// Numbers in the vector of an id, and in the projection of an image.
    public var width = 32
    /// Units of the layers of each tower; the last is the width of its vector.
    public var hidden = [300, 300, 128]
    /// γ, by which cosines are multiplied: with cosines in -1 ... 1 and m negatives, the softmax loss
    /// cannot fall below `log(1 + m e^(-2γ))`.
    public var gamma = 10.0
    /// Standard deviation of the first vectors of ids.
    public var embeddingScale = 0.1

    /// See `RankerConfiguration`.
    public static var summary: RankerSummary {
      RankerSummary(
        title: "DSSM, two towers",
        paper: "Huang et al., Learning deep structured semantic models for web search using "
          + "clickthrough data, CIKM 2013",
        reads: "One tower for the user, the history and the context, another for the item, its "
          + "attributes and its image; a score is the scaled cosine of their vectors, and vectors "
          + "of items can be kept.",
        example: """
          model: {kind: dssm, hidden: [300, 300, 128], gamma: 10, item: [category, price]}
          training: {loss: softmax, epochs: 20, batch_size: 1024}

          """)
    }

    /// The choice of one item of a request, in batches of 1024 rows.
    public var usualTraining: RankerTraining {
      var plan = RankerTraining()
      plan.loss = RankingLossSpecification(SoftmaxLoss())
      plan.batchSize = 1024
      plan.epochs = 20
      return plan
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
      case user, item, width, hidden, gamma
      case embeddingScale = "embedding_scale"
    }

    /// The defaults.
    public init() {}

    /// Decodes any subset of the keys; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      try container.update(&user, .user)
      try container.update(&item, .item)
      try container.update(&width, .width)
      try container.update(&hidden, .hidden)
      try container.update(&gamma, .gamma)
      try container.update(&embeddingScale, .embeddingScale)
    }

    /// See `RankerConfiguration`.
    public func validate() throws(RankerError) {
      try check("width", width, 1...4096)
      for units in hidden { try check("hidden", units, 1...65_536) }
      guard !hidden.isEmpty else {
        throw .configuration(
          key: "hidden", value: "[]",
          reason: "vectors of two towers can only be compared if layers make them equally wide")
      }
      try check("gamma", gamma, 0...1000)
      try check("embedding_scale", embeddingScale, 0...10)
      if let name = user?.first(where: item.contains) {
        throw .configuration(
          key: "user", value: "'\(name)'", reason: "'item' names the field too; it has one side")
      }
    }

    /// What each tower reads of a schema.
    func sides(
      of layout: FeatureLayout
    ) throws(RankerError) -> (user: FieldSelection, item: FieldSelection) {
      try FieldSelection.check("user", user ?? [], layout)
      try FieldSelection.check("item", item, layout)
      let places = [layout.itemField].compactMap { $0 } + layout.historyAttributes.map(\.field)
      let own = Set(places.map { layout.categorical[$0].name })
      func isChosen(_ name: String, by names: [String]) -> Bool {
        names.contains { FieldSelection.covers($0, name) }
      }
      func isItems(_ name: String) -> Bool {
        !isChosen(name, by: user ?? []) && (own.contains(name) || isChosen(name, by: item))
      }
      let users = FieldSelection(layout) { kind, name in
        user.map { isChosen(name, by: $0) }
          ?? (!isItems(name) && !FieldSelection.isCross(kind, name))
      }
      return (users, FieldSelection(layout) { _, name in isItems(name) })
    }
  }
}
