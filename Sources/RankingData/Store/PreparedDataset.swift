import Foundation

/// A log, with its catalogue where there is one, as a folder of columns that are mapped into memory
/// and never parsed again: what `vitrine dataset prepare` writes.
///
/// `dataset.json` describes the folder: what was read, how, and the hash of each column file.
package struct PreparedDataset: Sendable {
  /// What a folder was made from; where it is unchanged, so is the folder.
  package struct Recipe: Sendable, Hashable, Codable {
    /// The files of the log.
    package var log: TableFiles
    /// The catalogue.
    package var catalogue: TableFiles?
    /// The columns of the log that are kept.
    package var columns: [String: Set<ColumnKind>]
    /// Files of each part, where the files say which rows are for what: training, validation, test.
    package var parts: ReadyParts?
    /// All files as they were.
    package var sources: [SourceStamp]

    /// A recipe for the files as they are now.
    package init(
      log: TableFiles, catalogue: TableFiles?, columns: [String: Set<ColumnKind>],
      parts: ReadyParts?
    ) throws(RankingDataError) {
      self.log = Self.absolute(log)
      self.catalogue = catalogue.map(Self.absolute)
      self.columns = columns
      self.parts = parts
      var sources: [SourceStamp] = []
      for path in log.paths + log.groups + (catalogue?.paths ?? []) {
        sources.append(try SourceStamp(path: path))
      }
      self.sources = sources
    }

    /// The folder may be used from elsewhere.
    private static func absolute(_ files: TableFiles) -> TableFiles {
      var files = files
      files.paths = files.paths.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
      files.groups = files.groups.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
      return files
    }
  }

  private struct Manifest: Codable {
    var format: String
    var version: Int
    var recipe: Recipe
    var log: TableDescription
    var catalogue: TableDescription?
  }

  static let format = "vitrine-dataset"
  static let version = 1
  /// The file that describes the folder.
  package static let manifest = "dataset.json"

  /// What it was made from.
  package let recipe: Recipe
  /// The log.
  package let log: Table
  /// The items.
  package let catalogue: Table?

  /// Reads the files of a recipe into an existing empty folder.
  /// - Throws: `RankingDataError` naming file, line and column.
  package init(
    _ recipe: Recipe, into folder: String, progress: (TableFiles.Progress) -> Void = { _ in }
  ) throws(RankingDataError) {
    self.recipe = recipe
    func make(_ name: String) throws(RankingDataError) -> String {
      do {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
      } catch {
        throw RankingDataError(
          .unwritable, file: "\(folder)/\(name)",
          problem: "The folder cannot be made: \(error.localizedDescription)",
          remedy: "Check the permissions and the space on the disk.")
      }
      return "\(folder)/\(name)"
    }
    if let files = recipe.catalogue {
      catalogue = try files.read(into: make("catalogue"))
    } else {
      catalogue = nil
    }
    log = try recipe.log.read(
      ColumnSelection(recipe.columns), into: make("log"), progress: progress)
    let manifest = Manifest(
      format: Self.format, version: Self.version, recipe: recipe, log: TableDescription(log),
      catalogue: catalogue.map(TableDescription.init))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(manifest) else {
      throw RankingDataError(
        .unwritable, file: folder, problem: "The description cannot be written as JSON.",
        remedy: "Check that paths and column names are UTF-8.")
    }
    let writer = ColumnWriter<UInt8>(path: "\(folder)/\(Self.manifest)")
    writer.append { $0.append(contentsOf: text) }
    _ = try writer.finish()
  }

  /// Maps a folder. Reads every column file once, to see that it is whole.
  /// - Throws: `RankingDataError` naming a file that is missing, truncated or damaged.
  package init(path folder: String) throws(RankingDataError) {
    let manifest = try Self.read(folder)
    recipe = manifest.recipe
    log = try Table(manifest.log, in: folder + "/log")
    if let description = manifest.catalogue {
      catalogue = try Table(description, in: folder + "/catalogue")
    } else {
      catalogue = nil
    }
    if let parts = recipe.parts?.files {
      guard parts.count == 3, parts.allSatisfy({ (0...log.sources.count).contains($0) }),
        parts.reduce(0, +) == log.sources.count
      else {
        throw RankingDataError(
          .damaged, file: "\(folder)/\(Self.manifest)",
          problem: "The parts \(parts) do not fit \(log.sources.count) files.",
          remedy: "Prepare the data set again.")
      }
    }
  }

  /// What a folder was made from; `nil` where there is no prepared data set.
  package static func recipe(of folder: String) -> Recipe? { try? read(folder).recipe }

  private static func read(_ folder: String) throws(RankingDataError) -> Manifest {
    let path = "\(folder)/\(manifest)"
    let file: MappedFile
    do {
      file = try MappedFile(path)
    } catch {
      throw RankingDataError(
        .unreadable, file: folder, problem: "There is no prepared data set: \(error.problem)",
        remedy: "Make one with vitrine dataset prepare.")
    }
    struct Header: Decodable {
      var format: String
      var version: Int
    }
    let text = unsafe Data(file.bytes)
    guard let header = try? JSONDecoder().decode(Header.self, from: text),
      header.format == format
    else {
      throw RankingDataError(
        .damaged, file: path, problem: "This is no description of a prepared data set.",
        remedy: "Prepare the data set again.")
    }
    guard header.version == version else {
      throw RankingDataError(
        .damaged, file: path,
        problem: "Version \(header.version) of the format is not version \(version).",
        remedy: "Prepare the data set again with this version of vitrine.")
    }
    do {
      return try JSONDecoder().decode(Manifest.self, from: text)
    } catch {
      throw RankingDataError(
        .damaged, file: path, problem: "The description is damaged: \(error.localizedDescription)",
        remedy: "Prepare the data set again.")
    }
  }
}
