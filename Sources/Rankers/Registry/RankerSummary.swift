/// What people are told about a kind of ranker before they choose it: `vitrine models`.
public struct RankerSummary: Sendable, Hashable, Codable {
  /// Its name in the literature.
  public var title: String
  /// Who published it, where, and in which year.
  public var paper: String
  /// What it makes of ids, lists, numbers and images, in a sentence or two.
  public var reads: String
  /// A configuration in YAML: `model`, and what the model needs in `schema` and `training`. Where it
  /// has no `schema`, that of the shop in `vitrine dataset simulate` serves.
  public var example: String

  /// A summary.
  public init(title: String, paper: String, reads: String, example: String) {
    self.title = title
    self.paper = paper
    self.reads = reads
    self.example = example
  }
}
