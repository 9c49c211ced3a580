/// Why boosted trees cannot be trained, or a file of them cannot be read.
public struct BoostingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What failed, why, and what to do.
  public let description: String

  package init(_ problem: String, remedy: String) { description = "\(problem). \(remedy)" }
}
