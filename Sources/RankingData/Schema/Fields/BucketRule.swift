/// How the line of numbers is cut into buckets.
public enum BucketRule: Sendable, Hashable {
  /// This many buckets of as nearly equal numbers of training rows as ties allow.
  case equalMass(Int)
  /// Ascending edges; a number belongs to the bucket above the last edge it reaches.
  case edges([Double])
}

extension BucketRule: Codable {
  /// Decodes a number of buckets, or a list of edges.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let count = try? container.decode(Int.self) {
      self = .equalMass(count)
    } else {
      self = .edges(try container.decode([Double].self))
    }
  }

  /// Encodes a number of buckets, or a list of edges.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .equalMass(let count): try container.encode(count)
    case .edges(let edges): try container.encode(edges)
    }
  }
}

extension BucketRule {
  init(_ node: ConfigurationNode) throws(RankingDataError) {
    guard node.isList else {
      self = .equalMass(try node.integer(in: 2...10_000))
      return
    }
    let edges = try node.numbers(in: -1e300...1e300)
    guard !edges.isEmpty, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw node.failure(
        .badValue, "the edges do not ascend.", "Write them in order: [18, 25, 40].")
    }
    self = .edges(edges)
  }
}
