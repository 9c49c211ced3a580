public import NeuralNetworks
import RankingData
public import Slates

/// Trains a slate model behind a ranker and makes its bundle.
///
/// From a log it learns from the lists of the *validation* part: the ranker has seen the training
/// part, where its scores are better than they will ever be again. The last quarter of those lists, by
/// time, decides when to stop. The test part stays untouched.
///
/// Lists that were logged with their clicks, whatever ranker showed them, need no base.
public struct SlateFitting: Sendable {
  /// The shape of the model, whose categories, features and visual width are filled in from the data,
  /// and how it is trained.
  public var plan: SlatePlan
  /// What it learns from.
  public var source: Source
  /// Lets the model look at the candidates' pictures.
  public var features: VisualFeatures?

  /// What a slate model learns from.
  public enum Source: Sendable {
    /// The lists of a log in the order of a ranker, whose visual vectors must be attached.
    case log(DataSource, base: RankerBundle)
    /// Lists as they were shown.
    case lists(SlateListFiles)
  }

  /// A plan.
  public init(_ plan: SlatePlan, source: Source, features: VisualFeatures?) {
    self.plan = plan
    self.source = source
    self.features = features
  }

  /// The share of the lists that decides when to stop.
  static let stoppingShare = 0.25

  /// Trains, leaving the best epoch in the bundle.
  public func run(
    checkpoint: Checkpoint? = nil, report: (EpochRecord) -> Void = { _ in }
  ) throws -> SlateBundle {
    let lists = try readLists()
    var plan = plan
    plan.read(
      features: CandidateFeature.fit(names: lists.names, to: lists.training),
      categories: Set(lists.all.flatMap(\.distinctCategories)).sorted(),
      visualInputs: features?.table.width ?? 0)
    let (model, record) = try plan.train(
      on: lists.training, validation: lists.validation,
      checkpoint: try checkpoint?.of(fingerprint(plan, lists.all)), report: report)
    return SlateBundle(
      model: model, visualVersion: features?.version,
      training: TrainingSummary(
        record, examples: lists.training.count, metric: plan.criterion.rawValue,
        isLoss: plan.criterion == .loss, seed: plan.seed))
  }

  private struct Lists {
    var training: [SlateList]
    var validation: [SlateList]
    var names: [String] = []

    var all: [SlateList] { training + validation }
  }

  /// How many of some lists are learnt from; the others decide when to stop.
  static func learning(of count: Int) -> Int { Int(Double(count) * (1 - stoppingShare)) }

  private func readLists() throws -> Lists {
    switch source {
    case .lists(let files):
      let logged = try LoggedLists(files, visuals: features?.table ?? .empty)
      return Lists(
        training: logged.training, validation: logged.validation, names: logged.features)
    case .log(let data, let base):
      let lists = try Self.lists(of: data, base, visuals: features?.table ?? .empty)
      let cut = Self.learning(of: lists.count)
      return Lists(training: Array(lists[..<cut]), validation: Array(lists[cut...]))
    }
  }

  private static func lists(
    of data: DataSource, _ base: RankerBundle, visuals: VisualTable
  ) throws -> [SlateList] {
    let (log, rows) = try data.load(base.transform.schema)
    let requests = try log.loggedRequests(rows: rows.validation)
      .sorted {
        ($0.request.timestamp ?? 0, $0.request.id) < ($1.request.timestamp ?? 0, $1.request.id)
      }
    let ranker = RequestRanker(base, catalogue: log.catalogue)
    return try requests.map { logged in
      try SlateList(
        id: logged.request.id, ids: logged.request.items.map(\.id),
        scores: ranker.scores(of: logged.request).map { Double($0) },
        categories: logged.request.items.map(\.category), visuals: visuals,
        clicks: logged.labels.map(isPositive))
    }
  }

  /// The base ranker is in it through its scores. The pace of annealing depends on the epochs.
  private func fingerprint(
    _ plan: SlatePlan, _ lists: [SlateList]
  ) throws -> TrainingFingerprint {
    var fingerprint = TrainingFingerprint()
    try fingerprint.add(plan)
    try fingerprint.add(lists.map(\.ids))
    try fingerprint.add(lists.map(\.scores))
    try fingerprint.add(lists.map { list in list.ids.indices.map(list.category) })
    // NaN, a missing value, has no number in JSON.
    try fingerprint.add(lists.map { $0.features.map(\.bitPattern) })
    try fingerprint.add(lists.map(\.clicks))
    try fingerprint.add(features?.version)
    return fingerprint
  }
}
