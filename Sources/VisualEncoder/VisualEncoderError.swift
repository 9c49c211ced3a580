/// Why an encoder could not be imported, stored, loaded or run.
public struct VisualEncoderError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of failure.
  public enum Code: String, Sendable {
    /// The configuration describes no network.
    case invalidConfiguration
    /// Tensors are missing, left over or of the wrong shape.
    case tensorMismatch
    /// A file is absent, unreadable or not what it should be.
    case unreadable
    /// A file's hash differs from the one in `encoder.json`.
    case hashMismatch
    /// There is something at the place to write to.
    case alreadyExists
    /// The operating system refused to write.
    case io
    /// The list of images cannot be read.
    case invalidInput
    /// The feature cache refused.
    case cache
  }

  /// The kind of failure.
  public let code: Code
  /// The file or folder concerned.
  public let path: String
  /// What is wrong, and what to do.
  public let reason: String

  package init(_ code: Code, path: String, reason: String) {
    self.code = code
    self.path = path
    self.reason = reason
  }

  /// The place, then the reason.
  public var description: String { "\(path): \(reason)" }
}
