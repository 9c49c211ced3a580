import ArgumentParser
import Vitrine

/// Values that take the place of a configuration's.
struct DataOptions: ParsableArguments {
  @Option(
    help: "Log of impressions (CSV, TSV, JSON Lines, SVMlight), instead of the configuration's.")
  var impressions: String?

  @Option(help: "Item features (CSV), instead of the configuration's.")
  var catalogue: String?

  @Option(help: "Prepared data set, instead of the configuration's files.")
  var prepared: String?

  @Option(help: "Feature cache, instead of the configuration's.")
  var cache: String?

  @Option(help: "Base ranker of a slate model, instead of the configuration's.")
  var base: String?

  @Option(help: "Seed of every random choice, instead of the configuration's.")
  var seed: UInt64?

  /// Reads a configuration with these values in place.
  func read(_ path: String) throws -> TrainingFile {
    try TrainingFile(path: path, overrides: overrides)
  }

  /// The same for joint training.
  func readJoint(_ path: String) throws -> JointTrainingFile {
    try JointTrainingFile(path: path, overrides: overrides)
  }

  /// The same for a search.
  func readTuning(_ path: String) throws -> Tuning { try Tuning(path: path, overrides: overrides) }

  private var overrides: TrainingFile.Overrides {
    var overrides = TrainingFile.Overrides()
    overrides.impressions = impressions
    overrides.catalogue = catalogue
    overrides.prepared = prepared
    overrides.cache = cache
    overrides.base = base
    overrides.seed = seed
    return overrides
  }
}
