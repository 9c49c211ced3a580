import RankingData

/// Who may be shown at all: stock, region, compliance, blocks, what the user has already, and how
/// often it was shown. A hard rule: no relaxation lets an ineligible item back in.
public struct Eligibility: Codable, Sendable, Hashable {
  /// Item ids that are never shown.
  public var blocked: Set<String>
  /// Categories that are never shown.
  public var blockedCategories: Set<String>
  /// Item features that must have one of these values. An item without the feature is not eligible:
  /// what nobody vouched for is not shown.
  public var require: [String: Set<String>]
  /// Item features that must not have any of these values.
  public var forbid: [String: Set<String>]
  /// Leaves out what stands in the request's history.
  public var excludeHistory: Bool
  /// Limits on how often items were shown already.
  public var frequency: [FrequencyCap]

  /// Everything is eligible, unless given.
  public init(
    blocked: Set<String> = [], blockedCategories: Set<String> = [],
    require: [String: Set<String>] = [:], forbid: [String: Set<String>] = [:],
    excludeHistory: Bool = false, frequency: [FrequencyCap] = []
  ) {
    self.blocked = blocked
    self.blockedCategories = blockedCategories
    self.require = require
    self.forbid = forbid
    self.excludeHistory = excludeHistory
    self.frequency = frequency
  }

  /// An item that was shown this user `most` times or more is not shown again.
  public struct FrequencyCap: Codable, Sendable, Hashable {
    /// The item feature that counts how often the item was shown; an item without it was not.
    public var feature: String
    /// Times after which it is left out.
    public var most: Int

    /// Creates a cap.
    public init(feature: String, most: Int) {
      self.feature = feature
      self.most = most
    }

    /// The keys that it reads.
    public static let keys = ["feature", "most"]
  }

  /// Whether it lets everything pass.
  var isEmpty: Bool { self == Eligibility() }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    for cap in frequency where cap.most < 1 {
      throw .configuration(
        field: "eligibility: frequency: most", value: "\(cap.most)", rule: "it must be at least 1")
    }
  }

  /// Why a candidate may not be shown; `nil` when it may. O(rules).
  func reason(_ list: SlateList, _ candidate: Int, history: Set<String>) -> SlateRemoval.Reason? {
    let id = list.ids[candidate]
    if blocked.contains(id) { return .blocked }
    if let category = list.category(candidate), blockedCategories.contains(category) {
      return .blockedCategory(category)
    }
    if excludeHistory, history.contains(id) { return .inHistory }
    guard !require.isEmpty || !forbid.isEmpty || !frequency.isEmpty else { return nil }
    let attributes = list.attributes.isEmpty ? [:] : list.attributes[candidate]
    // Sorted, so that of several reasons the same one is named every time.
    for (feature, values) in require.sorted(by: { $0.key < $1.key }) {
      let found = attributes[feature].map(Self.identifiers) ?? []
      if !found.contains(where: values.contains) {
        return .required(feature: feature, found: found.first)
      }
    }
    for (feature, values) in forbid.sorted(by: { $0.key < $1.key }) {
      if let bad = attributes[feature].map(Self.identifiers)?.first(where: values.contains) {
        return .forbidden(feature: feature, value: bad)
      }
    }
    for cap in frequency {
      if let shown = attributes[cap.feature]?.number, shown >= Double(cap.most) {
        return .shownTooOften(feature: cap.feature, most: cap.most)
      }
    }
    return nil
  }

  /// Every id that a value names: those of a list, or its own.
  private static func identifiers(_ value: FeatureValue) -> [String] {
    if case .list(let values) = value { return values }
    return value.identifier.map { [$0] } ?? []
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case blocked, require, forbid, frequency
    case blockedCategories = "blocked_categories"
    case excludeHistory = "exclude_history"
  }

  /// The keys that it reads.
  public static let keys = CodingKeys.allCases.map(\.rawValue)

  /// Every missing field takes its default.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&blocked, .blocked)
    try container.update(&blockedCategories, .blockedCategories)
    try container.update(&require, .require)
    try container.update(&forbid, .forbid)
    try container.update(&excludeHistory, .excludeHistory)
    try container.update(&frequency, .frequency)
  }
}
