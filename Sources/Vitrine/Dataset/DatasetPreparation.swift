import Foundation
import RankingData

/// Turns the files of a training configuration into a folder of columns that training maps into
/// memory: what `vitrine dataset prepare` does.
public struct DatasetPreparation: Sendable {
  /// How far reading is.
  public struct Progress: Sendable {
    /// Rows read.
    public var rows: Int
    /// Share of the bytes of all files.
    public var share: Double
    /// Seconds so far.
    public var seconds: Double
  }

  private let files: TableFiles
  private let catalogue: TableFiles?
  private let parts: ReadyParts?
  private let schema: RankingSchema

  /// Prepares what a ranker's configuration reads.
  /// - Throws: `VitrineError` where the configuration has no schema or no files.
  public init(_ file: TrainingFile) throws {
    schema = try file.rankerSchema
    guard case .files(let files, let catalogue) = file.data.origin else {
      throw VitrineError(
        "the configuration names a prepared data set, not files",
        remedy: "Pass the configuration with the files: it is what was prepared.")
    }
    self.files = files
    self.catalogue = catalogue
    parts = if case .parts(let parts) = file.data.split { parts } else { nil }
  }

  /// Prepares a folder, which appears complete or not at all. Where the files, the way they are read
  /// and the columns are those that the folder was made from, nothing is done.
  /// - Parameter progress: called now and then.
  /// - Throws: an error naming file, line and column where rows cannot be used.
  public func run(
    output: String, progress: (Progress) -> Void = { _ in }
  ) throws -> DatasetReport {
    let recipe = try PreparedDataset.Recipe(
      log: files, catalogue: catalogue, columns: schema.keptColumns, parts: parts)
    let start = ContinuousClock.now
    let before = PreparedDataset.recipe(of: output)
    if before == recipe, let dataset = try? PreparedDataset(path: output) {
      return try report(dataset, output, seconds: nil)
    }
    try Self.checkPlace(output, isDataset: before != nil)
    var made: DatasetReport?
    try BundleFolder.create(output) { folder in
      let dataset = try PreparedDataset(recipe, into: folder) { state in
        progress(
          Progress(
            rows: state.rows, share: Double(state.bytes) / Double(max(1, state.totalBytes)),
            seconds: state.seconds))
      }
      let seconds = start.duration(to: .now) / .seconds(1)
      made = try report(dataset, folder, seconds: seconds)
    }
    guard var report = made else { preconditionFailure("The folder was made by the closure.") }
    report.folder = output
    return report
  }

  /// What is replaced must be a data set, or nothing: a misspelt path is no reason to lose a folder.
  private static func checkPlace(_ output: String, isDataset: Bool) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: output), !isDataset,
      !files.fileExists(atPath: "\(output)/\(PreparedDataset.manifest)"),
      try files.contentsOfDirectory(atPath: output).isEmpty == false
    else { return }
    throw VitrineError(
      "\(output): there is something here that is no prepared data set",
      remedy: "Choose another place with --output, or remove it.")
  }

  private func report(
    _ dataset: PreparedDataset, _ folder: String, seconds: Double?
  ) throws -> DatasetReport {
    let log = try ImpressionLog(dataset, schema: schema)
    if let parts { _ = try DataSplit.parts(parts).rows(of: log) }
    return DatasetReport(dataset, log, folder: folder, seconds: seconds)
  }
}

extension TrainingFile {
  /// The schema of a ranker's configuration.
  var rankerSchema: RankingSchema {
    get throws {
      if case .ranker(_, _, let schema) = task { return schema }
      throw VitrineError(
        "the configuration is a slate model's, which has no schema",
        remedy: "Pass its ranker's configuration.")
    }
  }
}
