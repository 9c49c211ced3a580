import RankingData

/// Where the lists come from that a slate model learns from.
public enum SlateSource: Sendable, Hashable {
  /// The validation part of a log, ordered by the ranker in this bundle.
  case ranker(bundle: String)
  /// Lists that any ranker showed, with their clicks.
  case lists(SlateListFiles)
}

/// Files of logged lists, in JSON Lines: requests whose items say whether they were `clicked`.
///
/// ```json
/// {"id": "q7", "items": [{"id": "d3", "score": 1.2, "clicked": true, "features": {"price": 9.5}}]}
/// ```
/// The base order is that of the scores; without scores, that of the items.
public struct SlateListFiles: Sendable, Hashable {
  /// What the model learns from.
  public var training: [String]
  /// What decides when to stop; empty for the last lists of `training`.
  public var validation: [String]
  /// Which numbers of the candidates the model reads.
  public var features: Features

  /// Which numbers of the candidates a model reads.
  public enum Features: Sendable, Hashable {
    /// Every one that some training candidate has, in the order of their names.
    case all
    /// These.
    case named([String])
  }

  /// Names files.
  public init(
    training: [String], validation: [String] = [], features: Features = .named([])
  ) {
    self.training = training
    self.validation = validation
    self.features = features
  }
}

extension SlateListFiles {
  /// Reads `{lists: train.jsonl, validation: valid.jsonl}` and the model's `features`; nil where the
  /// section names no lists.
  /// - Parameter resolve: makes a path of the file relative to the working folder.
  init?(
    _ data: ConfigurationNode?, features: ConfigurationNode?, _ overrides: TrainingFile.Overrides,
    _ resolve: (String) -> String
  ) throws {
    guard let data, data.isMapping, try data.allMembers()["lists"] != nil else { return nil }
    let section = try data.members(["lists", "validation"])
    if overrides.impressions ?? overrides.catalogue ?? overrides.prepared ?? overrides.base != nil {
      throw data.failure(
        .badValue, "the lists are complete: no log and no base ranker belongs to them.",
        "Leave out --impressions, --catalogue, --prepared and --base.")
    }
    self.init(
      training: try section["lists"]?.oneOrMore().map(resolve) ?? [],
      validation: try section["validation"]?.oneOrMore().map(resolve) ?? [],
      features: try features.map(Features.init) ?? .named([]))
  }
}

extension SlateListFiles.Features {
  /// Reads `all`, or a list of names.
  fileprivate init(_ node: ConfigurationNode) throws {
    if !node.isList, try node.string() == "all" {
      self = .all
    } else {
      self = .named(try node.oneOrMore())
    }
  }
}
