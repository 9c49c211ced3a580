/// Something that a diagnosis found: what, on what evidence, and what to do about it.
public struct Finding: Sendable, Codable, Hashable {
  /// How much hangs on it.
  public enum Weight: String, Sendable, Codable, Hashable, CaseIterable, Comparable {
    /// The numbers cannot be trusted, or the model cannot be served, before it is mended.
    case high
    /// It costs quality, or will.
    case medium
    /// Worth knowing.
    case low

    /// Heavier first.
    public static func < (a: Weight, b: Weight) -> Bool {
      (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
    }
  }

  /// What kind of trouble it is.
  public enum Kind: String, Sendable, Codable, Hashable, CaseIterable {
    /// Labels, duplicates, balance.
    case data
    /// The test rows are not like the training rows.
    case drift
    /// A feature knows what it cannot know in time.
    case leakage
    /// Serving computes something else than training did.
    case skew
    /// A part of the traffic is served worse.
    case scene
    /// The model does not learn, or learns by heart.
    case model
  }

  /// How much hangs on it.
  public var weight: Weight
  /// What kind of trouble it is.
  public var kind: Kind
  /// What, in one line.
  public var title: String
  /// The numbers behind it.
  public var evidence: String
  /// What to do.
  public var remedy: String

  init(_ weight: Weight, _ kind: Kind, _ title: String, _ evidence: String, remedy: String) {
    self.weight = weight
    self.kind = kind
    self.title = title
    self.evidence = evidence
    self.remedy = remedy
  }
}
