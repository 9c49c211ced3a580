/// A fitted cross: the vocabulary of combinations.
public struct CrossTransform: Sendable, Hashable, Codable {
  /// The columns, in the order of the ids' parts.
  public let fields: [String]
  /// Combinations; the parts of an id are joined by the control character "unit separator", which
  /// no text that a person writes contains.
  public let vocabulary: Vocabulary

  /// `device × category`.
  public var name: String { fields.joined(separator: CrossField.separator) }

  /// Between the parts of an id.
  static let separator = "\u{1F}"

  package init(fields: [String], vocabulary: Vocabulary) {
    self.fields = fields
    self.vocabulary = vocabulary
  }

  /// One id of several; `nil` where a part is missing.
  static func id(_ parts: some Sequence<String>) -> String? {
    var id: String?
    for part in parts {
      if part.isEmpty { return nil }
      id = id.map { $0 + separator + part } ?? part
    }
    return id
  }

  /// The row of a combination; 0 where a part is missing or the combination unknown.
  package func row(of parts: some Collection<String>) -> Int32 {
    if let rows = vocabulary.hashRows { return Self.row(parts.map(Self.hash), rows) }
    return Self.id(parts).map { vocabulary.row(of: $0) } ?? 0
  }

  /// The hash of a part; 0, and only then, where it is missing.
  static func hash(_ part: String) -> UInt64 { part.isEmpty ? 0 : max(1, StableHash.hash(part)) }

  /// The row of hashed parts.
  static func row(_ hashes: some Sequence<UInt64>, _ hashRows: Int) -> Int32 {
    var combined: UInt64 = 0
    for hash in hashes {
      if hash == 0 { return 0 }
      combined = StableHash.combined(combined, hash)
    }
    return Vocabulary.row(combined, hashRows)
  }
}
