import Foundation
public import Rankers
import RankingData
import Slates

/// What there is to know about a kind of model before one is trained: `vitrine models`.
public struct ModelGuide: Sendable, Codable {
  /// A key of a configuration with its default, as YAML writes it.
  public struct Key: Sendable, Hashable, Codable {
    /// Its name.
    public var name: String
    /// What holds where a configuration does not set it; nil where that follows from other keys.
    public var usual: String?

    enum CodingKeys: String, CodingKey {
      case name
      case usual = "default"
    }
  }

  /// The name in configurations: `model: {kind: deepfm}`.
  public var kind: String
  /// Its name in the literature, its paper, what it reads.
  public var summary: RankerSummary
  /// Keys of `model`, `kind` aside.
  public var model: [Key]
  /// Keys of `training`.
  public var training: [Key]
  /// A configuration that trains as it stands, on the log that `vitrine dataset simulate` makes.
  public var example: String

  /// The kinds of all models.
  public static var kinds: [String] { TrainingFile.kinds }

  /// Describes a kind.
  /// - Throws: `RankerError.unknownKind`, which suggests the nearest name.
  public init(kind: String) throws {
    if let slate = SlateSpecification.Kind(rawValue: kind) {
      self = try Self.slate(slate)
      return
    }
    guard Self.kinds.contains(kind) else {
      throw RankerError.unknownKind(kind, known: Self.kinds)
    }
    let configuration = try RankerSpecification(kind: kind).configuration
    self = try Self.ranker(configuration)
  }

  private init(
    kind: String, summary: RankerSummary, model: [Key], training: [Key], example: String
  ) {
    self.kind = kind
    self.summary = summary
    self.model = model
    self.training = training
    self.example = example
  }

  private static func ranker(_ configuration: some RankerConfiguration) throws -> ModelGuide {
    let type = type(of: configuration)
    return ModelGuide(
      kind: type.kind, summary: type.summary, model: try keys(type.keys, of: configuration),
      training: try keys(RankerTraining.keys, of: configuration.usualTraining),
      example: completed(type.summary.example, like: shopSchema))
  }

  private static func slate(_ kind: SlateSpecification.Kind) throws -> ModelGuide {
    switch kind {
    case .seq2slate: try seq2slate()
    case .prm: try prm()
    }
  }

  private static func seq2slate() throws -> ModelGuide {
    let summary = RankerSummary(
      title: "Seq2Slate",
      paper: "Bello et al., Seq2Slate: re-ranking and slate optimization with RNNs, 2018",
      reads: slateInput,
      example: """
        model: {kind: seq2slate, width: 64, cells: 128}
        base: ranker
        training: {epochs: 20, batch_size: 64, learning_rate: 0.001}

        """)
    return ModelGuide(
      kind: SlateSpecification.Kind.seq2slate.rawValue, summary: summary,
      model: try keys(Seq2SlateConfiguration.keys, of: Seq2SlateConfiguration()),
      training: try keys(Seq2SlateTraining.keys, of: Seq2SlateTraining())
        + keys(ClickPropensity.keys, of: ClickPropensity(), in: "propensity")
        + keys(
          Seq2SlateTraining.Reinforce.keys, of: Seq2SlateTraining.Reinforce(), in: "reinforce"),
      example: completed(summary.example, like: ""))
  }

  private static func prm() throws -> ModelGuide {
    let summary = RankerSummary(
      title: "PRM",
      paper: "Pei et al., Personalized re-ranking for recommendation, RecSys 2019",
      reads: slateInput,
      example: """
        model: {kind: prm, width: 64, heads: 4, blocks: 2}
        base: ranker
        training: {epochs: 30, batch_size: 64, learning_rate: 0.001}

        """)
    return ModelGuide(
      kind: SlateSpecification.Kind.prm.rawValue, summary: summary,
      model: try keys(PRMConfiguration.keys, of: PRMConfiguration()),
      training: try keys(PRMTraining.keys, of: PRMTraining()),
      example: completed(summary.example, like: ""))
  }

  private static let slateInput =
    "The list that a ranker made: scores, categories, and images where there is a cache. It"
    + " arranges a slate, and is trained behind the ranker in base."

  /// Names and defaults, in the order of the names.
  private static func keys(
    _ names: [String], of value: some Encodable, in section: String? = nil
  ) throws -> [Key] {
    // JSON is YAML: it is read back for its numbers as they are written.
    let json = String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    let values = try ConfigurationNode(yaml: json).allMembers()
    return names.map {
      Key(name: (section.map { "\($0)." } ?? "") + $0, usual: values[$0]?.text)
    }
  }

  /// An example with what it leaves to the shop of the simulation.
  private static func completed(_ example: String, like schema: String) -> String {
    let lines = example.split(separator: "\n").map(String.init)
    func has(_ key: String) -> Bool { lines.contains { $0.hasPrefix("\(key):") } }
    return lines.joined(separator: "\n") + "\n" + (has("data") ? "" : shopData)
      + (has("schema") ? "" : schema)
  }

  private static let shopData = """
    data:
      impressions: impressions.csv
      catalogue: catalogue.csv
      split: {validation: 0.2, test: 0.2}

    """

  private static let shopSchema = """
    schema:
      categorical: [user, {name: item, minimum_count: 5}, category, device]
      multi_valued: [{name: history, limit: 30}]
      numeric: [{name: price, transform: log}]

    """
}
