/// A failure of the facade itself: what, where and why, and what to do about it. Failures of the
/// rooms below keep their own types.
public struct VitrineError: Error, Sendable, CustomStringConvertible {
  /// What failed, where and why.
  public let problem: String
  /// What to do about it.
  public let remedy: String

  init(_ problem: String, remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }

  /// Both in one line.
  public var description: String { "\(problem). \(remedy)" }
}
