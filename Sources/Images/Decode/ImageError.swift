/// Why an image could not be turned into pixels.
///
/// `reason` is a short stable word for ledgers and counters; `message` tells a person what was
/// wrong and, where something can be done, what.
public struct ImageError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure. The raw values are stable: ledgers and metrics hold them.
  public enum Reason: String, Sendable, Hashable, CaseIterable, Codable {
    /// The file could not be opened or read.
    case unreadable
    /// There are no bytes.
    case empty
    /// The bytes are not an image of a supported format.
    case unsupportedFormat = "unsupported-format"
    /// The format is supported, this variant of it is not.
    case unsupportedVariant = "unsupported-variant"
    /// The bytes contradict their format.
    case corrupt
    /// The bytes end before the image does.
    case truncated
    /// The image exceeds one of the `ImageLimits`.
    case tooLarge = "too-large"
    /// The image could be read, but a policy of the preprocessing refuses it.
    case refused
    /// The machine refused the memory.
    case outOfMemory = "out-of-memory"
  }

  /// The kind of failure.
  public let reason: Reason
  /// What was wrong, without the path.
  public let message: String
  /// The file, where the bytes came from one.
  public let path: String?

  package init(_ reason: Reason, _ message: String, path: String? = nil) {
    self.reason = reason
    self.message = message
    self.path = path
  }

  /// The same failure, naming the file.
  public func at(_ path: String) -> ImageError {
    ImageError(reason, message, path: path)
  }

  /// One line: the file, the reason and the message.
  public var description: String {
    let place = path.map { "\($0): " } ?? ""
    return "\(place)\(reason.rawValue): \(message)"
  }
}
