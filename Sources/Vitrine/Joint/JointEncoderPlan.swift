public import Images
public import VisualEncoder

/// The encoder of a joint training: where it starts, and how it learns beside the ranker.
public struct JointEncoderPlan: Sendable, Hashable {
  /// The weights at the start.
  public enum Start: Sendable, Hashable {
    /// An encoder's folder.
    case bundle(String)
    /// Drawn from a seed.
    case random(seed: UInt64)
  }

  /// The weights at the start.
  public var initial: Start
  /// Nil for the initial bundle's, or `resnet18half`.
  public var architecture: Architecture?
  /// Nil for the initial bundle's, or category gates.
  public var attention: Attention?
  /// Nil for all categories of the catalogue; only for category gates.
  public var categories: [String]?
  /// Nil for the initial bundle's, or the defaults.
  public var preprocessing: Preprocessing?
  /// What the convolutions multiply in training; features are always computed in single precision.
  public var multipliesBFloat16 = false
  /// Whether batch normalisation keeps its running statistics; nil where it does so for a bundle and
  /// follows the batches for random weights, which have no statistics yet.
  public var freezesStatistics: Bool?
  /// The encoder's share of the learning rate; nil for 0.1 of a bundle and 1 of random weights.
  public var learningRateFactor: Double?
  /// How strongly the weights of convolutions and gates are drawn to zero, decoupled from the loss.
  public var weightDecay = 0.0

  /// A plan with the defaults.
  public init(initial: Start) { self.initial = initial }

  private var startsFromBundle: Bool { if case .bundle = initial { true } else { false } }

  var batchNorm: BatchNormMode { freezesStatistics ?? startsFromBundle ? .frozen : .batch }
  var arithmetic: TrainingArithmetic { multipliesBFloat16 ? .bfloat16 : .float32 }
  var rateFactor: Double { learningRateFactor ?? (startsFromBundle ? 0.1 : 1) }

  /// The weights to start from, and what was made up.
  /// - Parameter categories: those of the catalogue.
  func start(categories found: [String]) throws -> InitialEncoder {
    func gates(_ attention: Attention) -> [String] {
      attention == .category ? categories ?? found : []
    }
    switch initial {
    case .random(let seed):
      let attention = attention ?? .category
      return try InitialEncoder(
        random: seed,
        for: EncoderConfiguration(
          architecture: architecture ?? .resnet18half, attention: attention,
          categories: gates(attention), preprocessing: preprocessing ?? Preprocessing()))
    case .bundle(let path):
      let bundle = try EncoderBundle.load(path)
      var configuration = bundle.configuration
      configuration.architecture = architecture ?? configuration.architecture
      configuration.attention = attention ?? configuration.attention
      configuration.categories = gates(configuration.attention)
      configuration.preprocessing = preprocessing ?? configuration.preprocessing
      // What is trained here are floats; bytes need a calibration of the result.
      configuration.precision = .fp32
      return try InitialEncoder(bundle, as: configuration, path: path)
    }
  }
}
