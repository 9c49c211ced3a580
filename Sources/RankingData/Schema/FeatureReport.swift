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

  /// Adds to the counts of a field.
  mutating func add(missing: Int = 0, unknown: Int = 0, unreadable: Int = 0, of name: String) {
    if missing > 0 { self.missing[name, default: 0] += missing }
    if unknown > 0 { self.unknown[name, default: 0] += unknown }
    if unreadable > 0 { self.unreadable[name, default: 0] += unreadable }
  }
}
