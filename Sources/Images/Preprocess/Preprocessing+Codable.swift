extension Preprocessing: Codable {
  private enum CodingKeys: String, CodingKey {
    case resize, crop, interpolation
    case cropMode = "crop_mode"
    case orientation, alpha
    case colorProfile = "color_profile"
    case damage, mean
    case standardDeviation = "std"
  }

  /// Reads what `encode(to:)` writes. Absent keys have their defaults.
  /// - Throws: `DecodingError` that names the key where a value is out of range.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func side(_ key: CodingKeys, _ fallback: Int) throws -> Int {
      let value = try values.decodeIfPresent(Int.self, forKey: key) ?? fallback
      guard Self.sides.contains(value) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: values,
          debugDescription: "\(key.stringValue) is \(value); it must be within \(Self.sides)")
      }
      return value
    }
    let standard = Preprocessing()
    let mean = try values.decodeIfPresent([Double].self, forKey: .mean)
    let deviation = try values.decodeIfPresent([Double].self, forKey: .standardDeviation)
    let normalization = (
      mean ?? standard.normalization.mean, deviation ?? standard.normalization.standardDeviation
    )
    guard Normalization.isValid(mean: normalization.0, standardDeviation: normalization.1) else {
      throw DecodingError.dataCorruptedError(
        forKey: .mean, in: values,
        debugDescription: "mean is \(normalization.0), std is \(normalization.1); both must be "
          + "three numbers in the range of single precision, std positive and not too small")
    }
    self.init(
      resize: try side(.resize, standard.resize),
      crop: try side(.crop, standard.crop),
      interpolation: try values.decodeIfPresent(Interpolation.self, forKey: .interpolation)
        ?? standard.interpolation,
      cropMode: try values.decodeIfPresent(CropMode.self, forKey: .cropMode)
        ?? standard.cropMode,
      orientation: try values.decodeIfPresent(OrientationPolicy.self, forKey: .orientation)
        ?? standard.orientation,
      alpha: try values.decodeIfPresent(AlphaPolicy.self, forKey: .alpha) ?? standard.alpha,
      colorProfile: try values.decodeIfPresent(ColorProfilePolicy.self, forKey: .colorProfile)
        ?? standard.colorProfile,
      damage: try values.decodeIfPresent(DamagePolicy.self, forKey: .damage) ?? standard.damage,
      normalization: Normalization(
        mean: normalization.0, standardDeviation: normalization.1))
  }

  /// Writes the keys of the canonical JSON.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(resize, forKey: .resize)
    try values.encode(crop, forKey: .crop)
    try values.encode(interpolation, forKey: .interpolation)
    try values.encode(cropMode, forKey: .cropMode)
    try values.encode(orientation, forKey: .orientation)
    try values.encode(alpha, forKey: .alpha)
    try values.encode(colorProfile, forKey: .colorProfile)
    try values.encode(damage, forKey: .damage)
    try values.encode(normalization.mean, forKey: .mean)
    try values.encode(normalization.standardDeviation, forKey: .standardDeviation)
  }
}

extension Preprocessing {
  /// Raised when the pixels of some parameters change, so that old cache entries are not mistaken
  /// for new ones.
  private static let version = 1

  /// The parameters as JSON: keys sorted, no spaces, numbers in their shortest form. The same
  /// bytes on every machine, whatever a JSON library does.
  ///
  /// Alpha, colour profile and damage are younger than the first caches, so they appear only where
  /// they differ from what was done before there was a choice. The hash of old caches stands.
  public var canonicalJSON: String {
    func list(_ numbers: [Double]) -> String {
      "[" + numbers.map { "\($0)" }.joined(separator: ",") + "]"
    }
    func choice<Policy: RawRepresentable<String> & Equatable>(
      _ name: String, _ policy: Policy, unless standard: Policy
    ) -> [String] {
      policy == standard ? [] : ["\"\(name)\":\"\(policy.rawValue)\""]
    }
    var members = choice("alpha", alpha, unless: .drop)
    members += choice("color_profile", colorProfile, unless: .ignore)
    members += [
      "\"crop\":\(crop)",
      "\"crop_mode\":\"\(cropMode.rawValue)\"",
    ]
    members += choice("damage", damage, unless: .refuse)
    members += [
      "\"interpolation\":\"\(interpolation.rawValue)\"",
      "\"mean\":\(list(normalization.mean))",
      "\"orientation\":\"\(orientation.rawValue)\"",
      "\"resize\":\(resize)",
      "\"std\":\(list(normalization.standardDeviation))",
      "\"version\":\(Self.version)",
    ]
    return "{" + members.joined(separator: ",") + "}"
  }

  /// SHA-256 of the canonical JSON, 64 hexadecimal digits.
  public var hash: String { HexDigest.sha256(Array(canonicalJSON.utf8)) }
}
