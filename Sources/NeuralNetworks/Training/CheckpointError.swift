/// Why saved parameters cannot be used, with every tensor at fault listed.
public struct CheckpointError: Error, Sendable, CustomStringConvertible {
  /// What failed, where, why, and what to do.
  public let description: String

  package init(_ description: String) { self.description = description }
}
