import RankingData

/// Which candidates show the same thing: the best of them stays, the others leave.
///
/// Candidates are compared with those *kept* before them, in base order. A chain of pairs that each
/// look alike does not pull its ends together: only what resembles a kept candidate leaves.
public struct NearDuplicates: Codable, Sendable, Hashable {
  /// Cosine of the visual vectors, less the mean of their table, from which two are the same; `nil`
  /// leaves images out. Choose it on labelled pairs, and again when the encoder changes.
  public var cosine: Double?
  /// The item feature with the product's id, or `nil`.
  public var product: String?
  /// The item feature with a perceptual hash of the image, 16 hexadecimal digits, or `nil`.
  public var hash: String?
  /// The most bits in which hashes of the same image differ.
  public var hashDistance: Int

  /// Images of a cosine of at least 0.95.
  public init(
    cosine: Double? = 0.95, product: String? = nil, hash: String? = nil, hashDistance: Int = 6
  ) {
    self.cosine = cosine
    self.product = product
    self.hash = hash
    self.hashDistance = hashDistance
  }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    if let cosine, !(cosine > 0 && cosine <= 1) {
      throw .configuration(
        field: "near_duplicates: cosine", value: "\(cosine)",
        rule: "it must be above 0 and at most 1")
    }
    guard (0...63).contains(hashDistance) else {
      throw .configuration(
        field: "near_duplicates: hash_distance", value: "\(hashDistance)",
        rule: "it must lie in 0...63")
    }
  }

  /// Parts `candidates` into those kept and those that resemble one kept before.
  ///
  /// - Parameter first: Candidates that are kept whatever they resemble, before all others.
  /// - Throws: `SlateError.visualNotFinite`. Complexity: O(n² · width).
  func part(
    _ list: SlateList, _ candidates: [Int], keepingFirst first: Set<Int> = [], centre: [Float]?
  ) throws(SlateError) -> (kept: [Int], removed: [(candidate: Int, reason: SlateRemoval.Reason)]) {
    let order = candidates.filter(first.contains) + candidates.filter { !first.contains($0) }
    var products = ProductCopies(self, list)
    var images = try cosine.map { threshold throws(SlateError) in
      try VisualCopies(list, order, threshold: threshold, centre: centre)
    }
    var kept: [Int] = []
    var removed: [(candidate: Int, reason: SlateRemoval.Reason)] = []
    for (place, candidate) in order.enumerated() {
      if !first.contains(candidate),
        let (original, likeness) = products.original(of: candidate)
          ?? images?.original(of: place).map({ (order[$0.place], .cosine($0.cosine)) })
      {
        removed.append((candidate, .nearDuplicate(of: list.ids[original], likeness)))
      } else {
        kept.append(candidate)
        products.keep(candidate)
        images?.keep(place)
      }
    }
    return (kept.sorted(), removed)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case cosine, product, hash
    case hashDistance = "hash_distance"
  }

  /// The keys that it reads.
  public static let keys = CodingKeys.allCases.map(\.rawValue)

  /// Every missing field takes its default; `"cosine": null` leaves images out.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&cosine, .cosine)
    try container.update(&product, .product)
    try container.update(&hash, .hash)
    try container.update(&hashDistance, .hashDistance)
  }

  /// Writes every field; images left out as `null`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(cosine, forKey: .cosine)
    try container.encodeIfPresent(product, forKey: .product)
    try container.encodeIfPresent(hash, forKey: .hash)
    try container.encode(hashDistance, forKey: .hashDistance)
  }
}
