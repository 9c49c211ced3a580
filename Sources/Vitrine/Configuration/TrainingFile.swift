import Foundation
public import Rankers
public import RankingData
public import Slates

/// What `vitrine train CONFIG.yaml` reads.
///
/// ```yaml
/// model: {kind: deepfm, width: 8, hidden: [64, 32]}
/// data:
///   impressions: impressions.csv        # paths are relative to this file
///   catalogue: catalogue.csv
///   split: {validation: 0.2, test: 0.2}
/// cache: features                       # only where the schema has visual features
/// schema:
///   label: click
///   categorical: [user, item, category]
///   visual: {items: true, history: true}
/// training: {epochs: 10, batch_size: 512, learning_rate: 0.002}
/// ```
/// The section `search` says what `vitrine tune` may change; a training ignores it.
///
/// A slate model names the ranker that orders its lists, `base`, instead of a schema; or lists that
/// were logged with their clicks, which need neither:
///
/// ```yaml
/// model: {kind: seq2slate, features: [price, age]}       # or features: all
/// data: {lists: train.jsonl, validation: valid.jsonl}
/// ```
public struct TrainingFile: Sendable {
  /// What is trained, and how.
  public enum Task: Sendable {
    /// A model that scores candidates one by one.
    case ranker(RankerSpecification, RankerTraining, RankingSchema)
    /// A model that arranges lists.
    case slate(SlatePlan, SlateSource)
  }

  /// Values from the command line that take the place of the file's.
  public struct Overrides: Sendable {
    /// Relative to the working folder, as all of them.
    public var impressions: String?
    /// Item features.
    public var catalogue: String?
    /// A prepared data set, in the place of all files.
    public var prepared: String?
    /// The feature cache.
    public var cache: String?
    /// The base ranker of a slate model.
    public var base: String?
    /// The seed of every random choice.
    public var seed: UInt64?

    /// None.
    public init() {}
  }

  /// What is trained.
  public var task: Task
  /// What it learns from; empty where a slate model has lists of its own.
  public var data: DataSource
  /// The feature cache, where visual features are wanted.
  public var cache: String?

  /// Reads a configuration.
  /// - Throws: an error naming file, line and key; unknown keys are refused with the nearest legal
  ///   one.
  public init(path: String, overrides: Overrides = Overrides()) throws {
    try self.init(ConfigurationNode(path: path), path: path, overrides)
  }

  /// The same from a document that was read, and perhaps changed, already.
  init(_ root: ConfigurationNode, path: String, _ overrides: Overrides) throws {
    // A joint training's configuration names the same ranker and log: what judges it needs no other.
    let legal =
      JointTrainingFile.isJoint(root)
      ? JointTrainingFile.keys + ["cache"]
      : ["model", "data", "cache", "schema", "base", "training", "search"]
    try self.init(root, try root.members(legal), path: path, overrides)
  }

  /// The same from the members of a file that holds more than these.
  init(
    _ root: ConfigurationNode, _ members: [String: ConfigurationNode], path: String,
    _ overrides: Overrides
  ) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    func absolute(_ text: String) -> String {
      text.hasPrefix("/") ? text : folder.appendingPathComponent(text).path
    }
    func resolve(_ node: ConfigurationNode?) throws -> String? {
      try node.map { absolute(try $0.string()) }
    }
    func required(_ key: String) throws -> ConfigurationNode {
      guard let node = members[key] else {
        throw root.failure(.missingKey, "there is no \"\(key)\".", "Add the key.")
      }
      return node
    }

    cache = try overrides.cache ?? resolve(members["cache"])

    let model = try required("model")
    let isSlate = SlateSpecification.Kind(rawValue: try model.kind()) != nil
    let chosen = isSlate && model.isMapping ? try model.allMembers()["features"] : nil
    if isSlate,
      let lists = try SlateListFiles(members["data"], features: chosen, overrides, absolute)
    {
      for key in ["base", "schema"] {
        guard let member = members[key] else { continue }
        throw member.failure(
          .unknownKey, "lists stand as they were shown, with their own scores and features.",
          "Remove it, or name a log in the place of data.lists.")
      }
      data = DataSource(.files(TableFiles([]), catalogue: nil))
      task = try Self.slate(model, members["training"], .lists(lists), seed: overrides.seed)
      return
    }
    data = try DataSource(members["data"], of: root, overrides, absolute)
    if isSlate {
      guard let base = try overrides.base ?? resolve(members["base"]) else {
        throw root.failure(
          .missingKey, "there is no \"base\".",
          "Set base, or pass --base, to a ranker's bundle; or name clicked lists as data.lists.")
      }
      if let chosen {
        throw chosen.failure(
          .unknownKey, "behind a ranker a slate model reads its scores.",
          "Remove it, or train from lists that bring features (data.lists).")
      }
      if let schema = members["schema"] {
        throw schema.failure(
          .unknownKey, "a slate model has no schema of its own.", "Remove it: the base has one.")
      }
      if data.negatives != nil {
        throw (members["data"] ?? root).failure(
          .unknownKey, "a slate model learns from lists that were shown, and draws no negatives.",
          "Remove negatives.")
      }
      task = try Self.slate(
        model, members["training"], .ranker(bundle: base), seed: overrides.seed)
    } else {
      let specification = try model.decode(RankerSpecification.self)
      let usual = specification.configuration.usualTraining
      var training =
        try members["training"]?.decode(
          RankerTraining.self, context: RankerTraining.context(usual: usual)) ?? usual
      training.seed = overrides.seed ?? training.seed
      task = .ranker(specification, training, try RankingSchema(try required("schema")))
    }
  }

  /// Keys that hold paths, which are relative to the file.
  static let paths =
    ["impressions", "catalogue", "groups", "train", "validation", "test", "prepared", "lists"]
    .map { ["data", $0] } + [["cache"], ["base"]]

  /// The names of all kinds of models.
  static let kinds = RankerRegistry.kinds + SlateSpecification.Kind.allCases.map(\.rawValue)

  private static func slate(
    _ model: ConfigurationNode, _ training: ConfigurationNode?, _ source: SlateSource, seed: UInt64?
  ) throws -> Task {
    var plan = try plan(model, training)
    plan.seed = seed ?? plan.seed
    do {
      try plan.specification.validate()
    } catch {
      throw model.failure(.badValue, "\(error)", "Correct the value.")
    }
    do {
      try plan.validateTraining()
    } catch {
      throw (training ?? model).failure(.badValue, "\(error)", "Correct the value.")
    }
    return .slate(plan, source)
  }

  private static func plan(
    _ model: ConfigurationNode, _ training: ConfigurationNode?
  ) throws -> SlatePlan {
    // In a configuration features are names; their spread comes from the data.
    let shape = model.removing("features")
    if SlateSpecification.Kind(rawValue: try model.kind()) == .prm {
      _ = try model.members(["kind", "features"] + PRMConfiguration.keys)
      _ = try training?.members(PRMTraining.keys)
      return .prm(
        try shape.decode(PRMConfiguration.self),
        try training?.decode(PRMTraining.self) ?? PRMTraining())
    }
    _ = try model.members(["kind", "features"] + Seq2SlateConfiguration.keys)
    let members = try training?.members(Seq2SlateTraining.keys)
    for section in Seq2SlateTraining.sections {
      _ = try members?[section.name]?.members(section.keys)
    }
    return .seq2slate(
      try shape.decode(Seq2SlateConfiguration.self),
      try training?.decode(Seq2SlateTraining.self) ?? Seq2SlateTraining())
  }
}

extension ConfigurationNode {
  /// The member `kind` of a model, which decides what other members are legal.
  fileprivate func kind() throws -> String {
    struct Kind: Decodable { var kind: String? }
    guard isMapping, let kind = try decode(Kind.self).kind else {
      throw failure(
        .missingKey, "there is no \"kind\".",
        suggestion(for: "", in: TrainingFile.kinds))
    }
    guard TrainingFile.kinds.contains(kind) else {
      throw failure(
        .badValue, "there is no model \"\(kind)\".",
        suggestion(for: kind, in: TrainingFile.kinds))
    }
    return kind
  }
}
