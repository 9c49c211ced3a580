import Rankers
import Slates

/// ```json
/// {"format": "vitrine-model", "version": 1,
///  "model": {"kind": "deepfm", "width": 16, …}, "input": {…}, "output": "logit",
///  "training": {…}, "files": {"weights.safetensors": "9f86d0…", …}}
/// ```
/// `model` has the keys of a training configuration. A ranker has `input`, the fields and vectors it
/// reads, and `output`, what its scores mean, and `calibration` where one makes
/// logits of them; a slate model has `visual_version`, if it looks at images.
extension ModelManifest: Codable {
  private static let format = "vitrine-model"
  private static let version = 1

  private enum CodingKeys: String, CodingKey {
    case format, version, model, input, output, calibration, training, files
    case visualVersion = "visual_version"
  }

  private struct Kind: Decodable { var kind: String }

  /// Reads a manifest of the version that this build writes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let format = try container.decode(String.self, forKey: .format)
    let version = try container.decode(Int.self, forKey: .version)
    guard format == Self.format, version == Self.version else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: [],
          debugDescription: "format \(format) version \(version), but this build reads"
            + " \(Self.format) version \(Self.version)"))
    }
    let kind = try container.decode(Kind.self, forKey: .model).kind
    if SlateSpecification.Kind(rawValue: kind) != nil {
      model = .slate(
        try container.decode(SlateSpecification.self, forKey: .model),
        visualVersion: try container.decodeIfPresent(String.self, forKey: .visualVersion))
    } else {
      model = .ranker(
        try container.decode(RankerSpecification.self, forKey: .model),
        try container.decode(RankerInput.self, forKey: .input),
        try container.decode(RankerOutput.self, forKey: .output),
        try container.decodeIfPresent(ScoreCalibration.self, forKey: .calibration) ?? .none)
    }
    training = try container.decode(TrainingSummary.self, forKey: .training)
    files = try container.decode([String: String].self, forKey: .files)
  }

  /// Writes a manifest.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.format, forKey: .format)
    try container.encode(Self.version, forKey: .version)
    switch model {
    case .ranker(let specification, let input, let output, let calibration):
      try container.encode(specification, forKey: .model)
      try container.encode(input, forKey: .input)
      try container.encode(output, forKey: .output)
      if calibration != .none { try container.encode(calibration, forKey: .calibration) }
    case .slate(let specification, let visualVersion):
      try container.encode(specification, forKey: .model)
      try container.encodeIfPresent(visualVersion, forKey: .visualVersion)
    }
    try container.encode(training, forKey: .training)
    try container.encode(files, forKey: .files)
  }
}
