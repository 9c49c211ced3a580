import RankingData

/// A kind of ranker and its configuration, written as one flat object:
/// `{"kind": "deepfm", "width": 16, "hidden": [400, 400, 400]}`. The same keys work in YAML.
public struct RankerSpecification: Sendable {
  package static let kindKey = "kind"

  /// The configuration, whose type decides the kind.
  public var configuration: any RankerConfiguration

  /// Wraps a configuration.
  public init(_ configuration: some RankerConfiguration) { self.configuration = configuration }

  /// The defaults of a kind.
  ///
  /// - Throws: `RankerError.unknownKind`.
  public init(kind: String) throws(RankerError) {
    configuration = try RankerRegistry.configuration(of: kind).init()
  }

  /// The name of the kind.
  public var kind: String { type(of: configuration).kind }

  /// Whether such a ranker is trained by gradients, epoch by epoch.
  public var isNeural: Bool {
    func isNeural<C: RankerConfiguration>(_ configuration: C) -> Bool {
      C.Model.self is any NeuralRanker.Type
    }
    return isNeural(configuration)
  }

  /// A plan that watches what this kind of ranker usually watches, where it chose nothing to watch.
  public func completing(_ plan: RankerTraining) -> RankerTraining {
    var plan = plan
    if plan.chosenMonitor == nil, let monitor = configuration.usualTraining.chosenMonitor {
      plan.monitor = monitor
    }
    return plan
  }

  /// The files of a bundle that hold what such a ranker has learnt.
  public var parameterFiles: [String] {
    func files<C: RankerConfiguration>(_ configuration: C) -> [String] { C.Model.parameterFiles }
    return files(configuration)
  }
}

extension RankerSpecification: Codable {
  /// Decodes a flat object; missing keys keep their defaults.
  ///
  /// - Throws: `RankerError` for an unknown kind or key or a value out of range, `DecodingError` for
  ///   a value of the wrong type.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    let kind = try container.decode(String.self, forKey: AnyKey(stringValue: Self.kindKey))
    configuration = try Self.decode(RankerRegistry.configuration(of: kind), decoder)
  }

  /// Encodes a flat object with every key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: AnyKey.self)
    try container.encode(kind, forKey: AnyKey(stringValue: Self.kindKey))
    try configuration.encode(to: encoder)
  }

  private static func decode<C: RankerConfiguration>(
    _ type: C.Type, _ decoder: any Decoder
  ) throws -> any RankerConfiguration {
    try refuseUnknownKeys(
      in: decoder, known: C.keys + [kindKey], of: C.kind, refusals: C.refusals)
    let configuration = try C(from: decoder)
    try configuration.validate()
    return configuration
  }
}

extension RankerSpecification: Hashable {
  /// Whether kind and every value agree.
  public static func == (a: Self, b: Self) -> Bool {
    AnyHashable(a.configuration) == AnyHashable(b.configuration)
  }

  /// Hashes the configuration.
  public func hash(into hasher: inout Hasher) { configuration.hash(into: &hasher) }
}
