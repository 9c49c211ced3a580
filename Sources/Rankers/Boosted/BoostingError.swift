/// Why boosted trees cannot be trained, or a file of them cannot be read.
public struct BoostingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What failed, why, and what to do.
  public let description: String

  package init(_ problem: String, remedy: String) { description = "\(problem). \(remedy)" }

  /// Another error, with the place where it happened.
  init(_ place: String, cause: BoostingError) { description = "\(place): \(cause.description)" }

  static var noRows: Self {
    Self("There are no rows or no columns to train on", remedy: "Check the split and the schema.")
  }
}
