import RankingData

/// What a user chooses about one kind of ranker; every key has a default.
public protocol RankerConfiguration: Codable, Sendable, Hashable {
  /// The ranker this configures.
  associatedtype Model: Ranker where Model.Configuration == Self

  /// The name of the kind in configurations and bundles.
  static var kind: String { get }
  /// Every key it reads.
  static var keys: [String] { get }

  /// Keys that users bring from other tools, each with what to do instead.
  static var refusals: [String: String] { get }

  /// The defaults.
  init()

  /// Refuses values that make no model.
  func validate() throws(RankerError)

  /// What people are told about the kind.
  static var summary: RankerSummary { get }

  /// How such a model is trained where the user chose nothing: what its authors published. A
  /// configuration's `training` takes the place of it key by key.
  var usualTraining: RankerTraining { get }
}

extension RankerConfiguration {
  /// The defaults of all trainings.
  public var usualTraining: RankerTraining { RankerTraining() }

  /// None.
  public static var refusals: [String: String] { [:] }
}

/// Refuses keys that nothing reads: a misspelt key silently keeps its default otherwise.
package func refuseUnknownKeys(
  in decoder: any Decoder, known: [String], of owner: String, refusals: [String: String] = [:]
) throws {
  let container = try decoder.container(keyedBy: AnyKey.self)
  let unknown = container.allKeys.map(\.stringValue).filter { !known.contains($0) }.sorted()
  let refused = refusals.filter { unknown.contains($0.key) }
  if !refused.isEmpty { throw RankerError.refusedKeys(refused, owner: owner) }
  if let key = unknown.first { throw RankerError.unknownKey(key, owner: owner, known: known) }
}

/// Refuses a value outside its range, NaN included.
package func check<Value: Comparable & Sendable>(
  _ key: String, _ value: Value, _ range: ClosedRange<Value>
) throws(RankerError) {
  guard range.contains(value) else {
    throw .configuration(
      key: key, value: "\(value)",
      reason: "it must lie between \(range.lowerBound) and \(range.upperBound)")
  }
}
