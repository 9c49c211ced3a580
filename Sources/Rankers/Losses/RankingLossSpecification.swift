import RankingData

/// A loss as a configuration names it: `lambdarank`, or with its parameters
/// `{kind: lambdarank, truncation: 10}`.
public struct RankingLossSpecification: Sendable {
  private static let losses: [any RankingLoss.Type] = [
    LogisticLoss.self, WeightedLogisticLoss.self, RankNetLoss.self, LambdaRankLoss.self,
    ListNetLoss.self, ListMLELoss.self, SoftmaxLoss.self,
  ]
  private static let kindKey = "kind"

  /// The loss, whose type decides the kind.
  public var loss: any RankingLoss

  /// Wraps a loss.
  public init(_ loss: some RankingLoss) { self.loss = loss }

  /// The defaults of a kind.
  ///
  /// - Throws: `RankerError.unknownLoss`, which suggests the nearest name.
  public init(kind: String) throws(RankerError) {
    loss = try Self.lossType(kind).init()
  }

  /// The name of the kind.
  public var kind: String { type(of: loss).kind }
  /// What the loss judges together.
  public var scope: RankingLossScope { type(of: loss).scope }

  /// The names of all kinds, in the order of the documentation.
  public static var kinds: [String] { losses.map { $0.kind } }

  private static func lossType(_ kind: String) throws(RankerError) -> any RankingLoss.Type {
    guard let found = losses.first(where: { $0.kind == kind }) else {
      throw .unknownLoss(kind, known: kinds)
    }
    return found
  }
}

extension RankingLossSpecification: Codable {
  /// Decodes a name or an object; missing keys keep their defaults.
  ///
  /// - Throws: `RankerError` for an unknown kind or key or a value out of range, `DecodingError` for
  ///   a value of the wrong type.
  public init(from decoder: any Decoder) throws {
    if let kind = try? decoder.singleValueContainer().decode(String.self) {
      loss = try Self.lossType(kind).init()
    } else {
      let container = try decoder.container(keyedBy: AnyKey.self)
      let kind = try container.decode(String.self, forKey: AnyKey(stringValue: Self.kindKey))
      loss = try Self.decode(Self.lossType(kind), decoder)
    }
  }

  /// Encodes an object with every key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: AnyKey.self)
    try container.encode(kind, forKey: AnyKey(stringValue: Self.kindKey))
    try loss.encode(to: encoder)
  }

  private static func decode<Loss: RankingLoss>(
    _ type: Loss.Type, _ decoder: any Decoder
  ) throws -> Loss {
    try refuseUnknownKeys(in: decoder, known: Loss.keys + [kindKey], of: Loss.kind)
    let loss = try Loss(from: decoder)
    try loss.validate()
    return loss
  }
}

extension RankingLossSpecification: Hashable {
  /// Whether kind and every parameter agree.
  public static func == (a: Self, b: Self) -> Bool { AnyHashable(a.loss) == AnyHashable(b.loss) }

  /// Hashes kind and parameters.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    loss.hash(into: &hasher)
  }
}
