/// What a transform could not recognise, counted by field. Unknown values are legal; many of them
/// mean that the model is out of date.
public struct FeatureReport: Sendable, Hashable, Codable {
  /// Ids outside the vocabulary, by field. Missing values do not count here.
  public var unknown: [String: Int] = [:]
  /// Missing values, by field.
  public var missing: [String: Int] = [:]
  /// Values of numeric fields that are no number, by field; scored as missing.
  public var unreadable: [String: Int] = [:]
  /// Candidates without an image vector.
  public var withoutImage = 0
  /// Candidates seen.
  public var rows = 0

  /// An empty report.
  public init() {}
}
