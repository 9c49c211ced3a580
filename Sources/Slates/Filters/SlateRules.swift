import RankingData

/// What a slate must keep to, whatever the models say: a shop's own rules.
///
/// They act in a fixed order: eligibility, near-duplicates, then caps and pins while the slate is
/// filled, and last an assertion that reads the finished slate. The empty value changes nothing.
public struct SlateRules: Codable, Sendable, Hashable {
  /// Who may be shown at all.
  public var eligibility: Eligibility
  /// Which candidates show the same thing, or `nil` to keep them all.
  public var nearDuplicates: NearDuplicates?
  /// How many of a kind may stand close together. The last one gives way first.
  public var caps: [CategoryCap]
  /// Items at fixed positions.
  public var pins: [Pin]
  /// The item feature that names a position to pin the item to, or `nil`.
  public var pinFeature: String?

  /// No rules, unless given.
  public init(
    eligibility: Eligibility = Eligibility(), nearDuplicates: NearDuplicates? = nil,
    caps: [CategoryCap] = [], pins: [Pin] = [], pinFeature: String? = nil
  ) {
    self.eligibility = eligibility
    self.nearDuplicates = nearDuplicates
    self.caps = caps
    self.pins = pins
    self.pinFeature = pinFeature
  }

  /// An item that stands at a position, from 0, if it is eligible.
  public struct Pin: Codable, Sendable, Hashable {
    /// Item id.
    public var item: String
    /// Position in the slate, from 0.
    public var position: Int

    /// Creates a pin.
    public init(item: String, position: Int) {
      self.item = item
      self.position = position
    }

    /// The keys that it reads.
    public static let keys = ["item", "position"]
  }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    try eligibility.validate()
    try nearDuplicates?.validate()
    for cap in caps { try cap.validate() }
    var positions: Set<Int> = []
    var items: Set<String> = []
    for pin in pins {
      guard pin.position >= 0 else {
        throw .configuration(
          field: "pins: position", value: "\(pin.position)", rule: "positions count from 0")
      }
      guard positions.insert(pin.position).inserted, items.insert(pin.item).inserted else {
        throw .configuration(
          field: "pins", value: "“\(pin.item)” at \(pin.position)",
          rule: "each item and each position may be pinned once")
      }
    }
  }

  /// Whether it changes nothing.
  public var isEmpty: Bool { self == SlateRules() }

  /// The item features that it looks at.
  public var features: Set<String> {
    var names = Set(eligibility.require.keys).union(eligibility.forbid.keys)
    names.formUnion(eligibility.frequency.map(\.feature))
    names.formUnion([pinFeature, nearDuplicates?.product, nearDuplicates?.hash].compactMap { $0 })
    names.formUnion(caps.lazy.map(\.by).filter { $0 != CategoryCap.category })
    return names
  }

  /// The pins of a list: those declared, then those that eligible candidates ask for. Of two that
  /// want the same position, the one that came first in the input.
  func pins(of list: SlateList, _ eligible: [Int]) -> [Pin] {
    guard let pinFeature, !list.attributes.isEmpty else { return pins }
    var pins = pins
    for candidate in eligible.sorted(by: { list.positions[$0] < list.positions[$1] }) {
      guard
        let position = list.attributes[candidate][pinFeature]?.number.flatMap(Int.init(exactly:)),
        position >= 0,
        !pins.contains(where: { $0.position == position || $0.item == list.ids[candidate] })
      else { continue }
      pins.append(Pin(item: list.ids[candidate], position: position))
    }
    return pins
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case eligibility, caps, pins
    case nearDuplicates = "near_duplicates"
    case pinFeature = "pin_feature"
  }

  /// The keys that it reads.
  public static let keys = CodingKeys.allCases.map(\.rawValue)

  /// Every missing field takes its default; a field out of range throws.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    eligibility =
      try container.decodeIfPresent(Eligibility.self, forKey: .eligibility) ?? eligibility
    nearDuplicates = try container.decodeIfPresent(NearDuplicates.self, forKey: .nearDuplicates)
    caps = try container.decodeIfPresent([CategoryCap].self, forKey: .caps) ?? caps
    pins = try container.decodeIfPresent([Pin].self, forKey: .pins) ?? pins
    pinFeature = try container.decodeIfPresent(String.self, forKey: .pinFeature)
    try validate()
  }
}
