/// How a slate model chooses among the orders of a list.
///
/// JSON and YAML: `{mode: greedy}`, `{mode: one_step}`, `{mode: beam, width: 4}`,
/// `{mode: sampling, temperature: 0.5, samples: 8, seed: 1}`.
public enum Decoding: Sendable, Hashable {
  /// The best candidate at every step; equal scores go to the lower base position.
  case greedy
  /// All candidates by their score in the first step alone: no choice sees another.
  case oneStep
  /// The most probable order that a beam of so many half-built slates finds; 1 is greedy.
  case beam(width: Int)
  /// The best of several orders drawn from the model, whose scores are divided by the temperature
  /// first: below 1 draws are closer to greedy, above 1 more varied.
  ///
  /// The same seed and list id give the same draws, whatever else is asked for. Fewer samples are
  /// the first of more.
  case sampling(temperature: Double = 1, samples: Int = 1, seed: UInt64 = 0)

  /// The most half-built slates that are held at once.
  static let widest = 4096

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    func check(_ field: String, _ value: Int) throws(SlateError) {
      guard (1...Self.widest).contains(value) else {
        throw .configuration(
          field: field, value: "\(value)", rule: "it must lie in 1...\(Self.widest)")
      }
    }
    switch self {
    case .greedy, .oneStep: break
    case .beam(let width): try check("width", width)
    case .sampling(let temperature, let samples, _):
      guard temperature > 0, temperature.isFinite else {
        throw .configuration(
          field: "temperature", value: "\(temperature)",
          rule: "it must be a finite number above 0; greedy decoding is the limit at 0")
      }
      try check("samples", samples)
    }
  }
}

extension Decoding: Codable {
  private enum CodingKeys: String, CodingKey {
    case mode, width, temperature, samples, seed
  }

  /// The name that configurations give the way of decoding.
  var name: String { mode.rawValue }

  private var mode: Mode {
    switch self {
    case .greedy: .greedy
    case .oneStep: .oneStep
    case .beam: .beam
    case .sampling: .sampling
    }
  }

  private enum Mode: String, Codable {
    case greedy, beam, sampling
    case oneStep = "one_step"
  }

  /// Every missing field but `mode` and `width` takes its default; one out of range throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Mode.self, forKey: .mode) {
    case .greedy: self = .greedy
    case .oneStep: self = .oneStep
    case .beam: self = .beam(width: try container.decode(Int.self, forKey: .width))
    case .sampling:
      self = .sampling(
        temperature: try container.decodeIfPresent(Double.self, forKey: .temperature) ?? 1,
        samples: try container.decodeIfPresent(Int.self, forKey: .samples) ?? 1,
        seed: try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? 0)
    }
    try validate()
  }

  /// Writes the mode and its fields.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mode, forKey: .mode)
    switch self {
    case .greedy, .oneStep: break
    case .beam(let width): try container.encode(width, forKey: .width)
    case .sampling(let temperature, let samples, let seed):
      try container.encode(temperature, forKey: .temperature)
      try container.encode(samples, forKey: .samples)
      try container.encode(seed, forKey: .seed)
    }
  }
}
