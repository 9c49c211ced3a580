public import NeuralNetworks
import RankingData
public import Slates

/// Trains a Seq2Slate model behind a ranker and makes its bundle.
///
/// It learns from the lists of the log's *validation* part: the ranker has seen the training part,
/// where its scores are better than they will ever be again. The last quarter of those lists, by
/// time, decides when to stop. The test part stays untouched.
public struct SlateFitting: Sendable {
  /// The shape of the model; categories and visual width are filled in from the data.
  public var configuration: Seq2SlateConfiguration
  /// How it is trained.
  public var training: Seq2SlateTraining
  /// Orders the lists. Its visual vectors must be attached.
  public var base: RankerBundle
  /// What it learns from.
  public var data: DataSource
  /// Lets the model look at the candidates' pictures.
  public var features: VisualFeatures?

  /// A plan.
  public init(
    _ configuration: Seq2SlateConfiguration, _ training: Seq2SlateTraining, base: RankerBundle,
    data: DataSource, features: VisualFeatures?
  ) {
    self.configuration = configuration
    self.training = training
    self.base = base
    self.data = data
    self.features = features
  }

  /// The share of the lists that decides when to stop.
  static let stoppingShare = 0.25

  /// Trains, leaving the best epoch in the bundle.
  public func run(
    checkpoint: Checkpoint? = nil, report: (EpochRecord) -> Void = { _ in }
  ) throws -> SlateBundle {
    let (log, rows) = try data.load(base.transform.schema)
    let requests = try log.loggedRequests(rows: rows.validation)
      .sorted {
        ($0.request.timestamp ?? 0, $0.request.id) < ($1.request.timestamp ?? 0, $1.request.id)
      }
    let ranker = RequestRanker(base, catalogue: log.catalogue)
    let lists = try requests.map { logged in
      try SlateList(
        id: logged.request.id, ids: logged.request.items.map(\.id),
        scores: ranker.scores(of: logged.request).map { Double($0) },
        categories: logged.request.items.map(\.category),
        visuals: features?.table ?? .empty, clicks: logged.labels.map(isPositive))
    }
    let cut = Int(Double(lists.count) * (1 - Self.stoppingShare))
    var configuration = configuration
    configuration.categories = Set(lists.flatMap(\.distinctCategories)).sorted()
    configuration.visualInputs = features?.table.width ?? 0
    let (model, record) = try training.train(
      configuration, on: Array(lists[..<cut]), validation: Array(lists[cut...]),
      checkpoint: try checkpoint?.of(fingerprint(configuration, lists)), report: report)
    return SlateBundle(
      model: model, visualVersion: features?.version,
      training: TrainingSummary(
        record, examples: cut, metric: training.criterion.rawValue,
        isLoss: training.criterion == .loss, seed: training.seed))
  }

  /// The base ranker is in it through its scores. The pace of annealing depends on the epochs.
  private func fingerprint(
    _ configuration: Seq2SlateConfiguration, _ lists: [SlateList]
  ) throws -> TrainingFingerprint {
    var fingerprint = TrainingFingerprint()
    try fingerprint.add(configuration)
    try fingerprint.add(training)
    try fingerprint.add(lists.map(\.scores))
    try fingerprint.add(lists.map(\.clicks))
    try fingerprint.add(features?.version)
    return fingerprint
  }
}
