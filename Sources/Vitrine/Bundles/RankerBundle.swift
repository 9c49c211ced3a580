public import Rankers
public import RankingData

/// A trained ranker with the transform that feeds it: a folder of `model.json`, `transform.json`
/// and `weights.safetensors`. A folder that a joint training wrote holds one, with its visual
/// features beside it.
public struct RankerBundle: Sendable {
  /// The model. Its visual vectors are attached by `attach`.
  public private(set) var ranker: any Ranker
  /// Turns rows and requests into the ranker's batches.
  public let transform: FeatureTransform
  /// What the ranker's own scores mean.
  let rawOutput: RankerOutput
  /// What makes logits of them.
  public let calibration: ScoreCalibration
  /// How it was trained.
  public let training: TrainingSummary
  /// The visual features that were attached.
  public private(set) var features: VisualFeatures?
  /// The feature cache that came with it, if it was trained together with its encoder.
  public private(set) var cache: String?

  /// - Parameter features: those attached to the ranker already.
  init(
    ranker: any Ranker, transform: FeatureTransform, output: RankerOutput,
    calibration: ScoreCalibration = .none, training: TrainingSummary,
    features: VisualFeatures? = nil
  ) {
    self.ranker = ranker
    self.transform = transform
    rawOutput = output
    self.calibration = calibration
    self.training = training
    self.features = features
  }

  /// Loads a bundle and checks it: hashes, vocabulary sizes, tensor names and shapes.
  /// - Throws: an error that names the file, tensor or key at fault.
  public init(path: String) throws {
    guard JointBundle.exists(at: path) else {
      try self.init(folder: path)
      return
    }
    let parts = try JointBundle.read(path)
    try self.init(folder: "\(path)/\(JointBundle.rankerFolder)")
    cache = "\(path)/\(JointBundle.cacheFolder)"
    guard visualVersion == parts.features else {
      throw VitrineError(
        "\(path)/\(JointBundle.fileName): it names the features \(parts.features), and the ranker"
          + " was trained with \(visualVersion ?? "none")", remedy: "Copy the whole folder again.")
    }
  }

  private init(folder path: String) throws {
    let manifest = try ModelManifest.read(path)
    guard case .ranker(let specification, let input, let output, let calibration) = manifest.model
    else {
      throw VitrineError(
        "\(path): this bundle arranges slates, it does not rank",
        remedy: "Pass it to rerank --model, and a ranker here.")
    }
    transform = try JSONFile.read(
      FeatureTransform.self, from: "\(path)/\(ModelManifest.transformName)")
    guard transform.layout == input.layout else {
      throw VitrineError(
        "\(path)/\(ModelManifest.transformName): its fields are not the ones in model.json",
        remedy: "The files come from different models; copy the bundle again.")
    }
    ranker = try RankerRegistry.make(specification, input: input, seed: manifest.training.seed)
    rawOutput = output
    self.calibration = calibration
    training = manifest.training
    try ranker.loadParameters(from: path)
  }

  /// Loads a bundle and gives it its visual vectors, where it looks at images: those that came with
  /// it, or these.
  /// - Throws: as the other initializer and `attach`, and `VitrineError` without features to give.
  init(path: String, features: VisualFeatures?) throws {
    try self.init(path: path)
    guard readsVisualFeatures else { return }
    let own = try cache.map { try VisualFeatures(cache: $0, version: visualVersion) }
    guard let features = own ?? features else {
      throw VitrineError(
        "\(path): the ranker looks at images, but there is no feature cache",
        remedy: "Pass --cache, or set cache in the configuration.")
    }
    try attach(features)
  }

  /// Writes the bundle; what stood there is replaced as a whole.
  public func save(to path: String) throws {
    let manifest = ModelManifest(
      model: .ranker(ranker.specification, ranker.input, rawOutput, calibration),
      training: training)
    try manifest.create(path) { folder in
      try BundleFolder.write(
        transform.json(), to: "\(folder)/\(ModelManifest.transformName)")
      try ranker.saveParameters(to: folder)
      return [ModelManifest.transformName] + ranker.specification.parameterFiles
    }
  }

  /// Gives the ranker its visual vectors and projects them once.
  /// - Throws: `RankerError` if the features are of another version than it was trained with.
  public mutating func attach(_ features: VisualFeatures) throws {
    ranker = try Self.attached(ranker, features).prepared()
    self.features = features
  }

  /// What `scores` returns.
  public var output: RankerOutput {
    // Platt scaling makes logits of any score; undoing a sampling leaves scores what they are.
    if case .platt = calibration { .logit } else { rawOutput }
  }

  /// The score of each row, after calibration.
  func scores(of batch: RankingBatch) -> [Float] {
    guard let ranker = ranker as? any MultiTaskRanker else {
      return ranker.scores(of: batch).map(calibrated)
    }
    return answers(of: ranker, to: batch).scores
  }

  /// The score of each row, after calibration, and where there are several tasks the probability of
  /// each outcome by name.
  func answers(to batch: RankingBatch) -> (scores: [Float], tasks: [[String: Double]]?) {
    guard let ranker = ranker as? any MultiTaskRanker, !ranker.input.layout.tasks.isEmpty else {
      return (scores(of: batch), nil)
    }
    let (scores, logits) = answers(of: ranker, to: batch)
    let names = ranker.outcomes
    return (
      scores,
      scores.indices.map { row in
        Dictionary(
          uniqueKeysWithValues: zip(names, logits).map {
            ($0, Double(shortest: RankerOutput.logit.shown($1[row])))
          })
      }
    )
  }

  /// Whether scoring wants a feature cache.
  public var readsVisualFeatures: Bool { transform.layout.visual }

  /// The version of the visual features it was trained with; nil if it looks at none.
  public var visualVersion: String? { readsVisualFeatures ? ranker.input.visual?.version : nil }

  static func attached(_ ranker: any Ranker, _ features: VisualFeatures) throws -> any Ranker {
    var ranker = ranker
    try ranker.attach(features.table, version: features.version)
    return ranker
  }
}
