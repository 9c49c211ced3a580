import Foundation
import RankingData

/// Proposes a training configuration for a file of rows: what `vitrine dataset describe` prints.
public enum DatasetDescription {
  /// A configuration that `vitrine train` accepts as it stands, with a comment on each choice.
  ///
  /// - Parameters:
  ///   - path: the log, in any format that training reads.
  ///   - catalogue: item features (CSV).
  ///   - label: the column of the label, where it is known.
  ///   - rows: how many rows to look at.
  /// - Throws: an error naming file and line, also where no column looks like a label.
  public static func configuration(
    for path: String, catalogue: String? = nil, label: String? = nil, rows: Int
  ) throws -> String {
    let file = try FileProposal(path: path, rows: rows)
    let items = try catalogue.map { try TableFiles([$0]).read(limit: rows) }
    let schema = try SchemaProposal(file.sample, catalogue: items, label: label)
    // A configuration is read relative to where it lies, which nobody knows yet.
    func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
    var lines = ["# Proposed from \(file.sample.count) rows; read it before you trust it."]
    lines += schema.notes.map { "# \($0)" }
    lines.append(model(for: schema))
    lines.append(
      file.yamlText(
        path: absolute(path), catalogue: catalogue.map(absolute), split: schema.split))
    lines.append(schema.yamlText)
    lines.append(training(for: schema))
    return lines.joined(separator: "\n")
  }

  /// Ids want embeddings; a file of numbers alone, as in learning to rank, has none.
  private static func model(for schema: SchemaProposal) -> String {
    schema.hasCategories
      ? "model: {kind: deepfm, width: 8, hidden: [64, 32]}"
      : "model: {kind: mlp, hidden: [64, 32]}"
  }

  /// Grades within requests are an order, not probabilities.
  private static func training(for schema: SchemaProposal) -> String {
    schema.isGraded && schema.hasRequests
      ? "training: {loss: lambdarank, epochs: 10, seed: 1}"
      : "training: {epochs: 10, batch_size: 512, seed: 1}"
  }
}
