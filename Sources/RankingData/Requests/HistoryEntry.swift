/// An item the user responded to before the request.
public struct HistoryEntry: Sendable, Hashable, Codable {
  /// Item id.
  public var id: String
  /// Seconds since 1970, when known.
  public var timestamp: Int64?

  /// Creates an entry.
  public init(id: String, timestamp: Int64? = nil) {
    self.id = id
    self.timestamp = timestamp
  }
}
