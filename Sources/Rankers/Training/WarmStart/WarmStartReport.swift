/// What a training took over from another model, and whether that was worth it.
public struct WarmStartReport: Sendable, Hashable, Codable {
  /// The rows of one field in one table.
  public struct Section: Sendable, Hashable, Codable {
    /// The table.
    public var table: String
    /// The field; `[]` behind its name where it holds lists.
    public var field: String
    /// Rows of the vocabulary now, the unknown one included.
    public var rows: Int
    /// Those that the old vocabulary knew, too.
    public var mapped: Int
    /// Share of the training's ids that have a mapped row, each as often as it occurs, unknown ids
    /// aside; nil where none occurs.
    public var coverage: Double?
    /// What the rows were multiplied by so that a new network meets vectors of the length it is made
    /// for; nil where they were not.
    public var rescaled: Double?
    /// Share of the ten nearest neighbours among the mapped rows, before and after: 1 unless the rows
    /// were mixed up. Nil for fewer than 12 rows or vectors of one number.
    public var neighbourOverlap: Double?

    enum CodingKeys: String, CodingKey {
      case table, field, rows, mapped, coverage, rescaled
      case neighbourOverlap = "neighbour_overlap"
    }
  }

  /// The bundle.
  public var from: String
  /// Whether only tables were taken over, since the models read different things.
  public var tablesOnly = false
  /// What is read now and was not.
  public var addedFeatures: [String] = []
  /// What was read and is no more.
  public var removedFeatures: [String] = []
  /// Field by field.
  public var sections: [Section] = []
  /// Other parameters taken over as they were.
  public var copied: [String] = []
  /// Parameters that start anew, each with a reason.
  public var fresh: [String: String] = [:]
  /// Over the validation rows, before the first step; a start from nothing has 0.5.
  public var startAUC = 0.5
  /// What should be looked at before the model is trusted.
  public var warnings: [String] = []

  enum CodingKeys: String, CodingKey {
    case from, sections, copied, fresh, warnings
    case tablesOnly = "tables_only"
    case addedFeatures = "added_features"
    case removedFeatures = "removed_features"
    case startAUC = "start_auc"
  }

  /// Nothing yet.
  public init(from: String) { self.from = from }

  /// The share of ids that must have a row: below it, most of what was learnt stays behind.
  static let leastCoverage = 0.9

  /// Looks for what does not look like a good start.
  package mutating func judge() {
    for section in sections {
      if let coverage = section.coverage, coverage < Self.leastCoverage {
        warnings.append(
          "\(section.table), \(section.field): only \(Self.percent(coverage)) of the training's ids have"
            + " a row to start from")
      }
      if let overlap = section.neighbourOverlap, overlap < 0.99 {
        warnings.append(
          "\(section.table), \(section.field): the neighbours of mapped ids changed"
            + " (\(Self.percent(overlap)) are the same)")
      }
    }
    for (name, reason) in fresh.sorted(by: { $0.key < $1.key }) where reason.contains("wide") {
      warnings.append("\(name) starts anew: \(reason)")
    }
    if !tablesOnly, startAUC <= 0.5 {
      warnings.append(
        "before the first step the AUC is \(Self.digits(startAUC)): the model knows no more of these rows"
          + " than chance; do label and scene agree?")
    }
  }

  /// For a person, a line a fact.
  public var lines: [String] {
    var lines = [
      "warm start from \(from): "
        + (tablesOnly
          ? "tables alone, since the models differ"
          : "\(copied.count) parameters as they were, and the tables by their ids")
    ]
    if !addedFeatures.isEmpty { lines.append("  new: \(addedFeatures.joined(separator: ", "))") }
    if !removedFeatures.isEmpty {
      lines.append("  gone: \(removedFeatures.joined(separator: ", "))")
    }
    for section in sections {
      var parts = [
        "  \(section.table), \(section.field): \(section.mapped) of \(section.rows) rows"
      ]
      if let coverage = section.coverage {
        parts.append("\(Self.percent(coverage)) of what occurs")
      }
      if let factor = section.rescaled { parts.append("multiplied by \(Self.digits(factor))") }
      lines.append(parts.joined(separator: ", "))
    }
    for (name, reason) in fresh.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(name) starts anew: \(reason)")
    }
    lines.append("  AUC before the first step: \(Self.digits(startAUC))")
    return lines + warnings.map { "warning: \($0)" }
  }

  private static func percent(_ share: Double) -> String {
    "\((share * 1000).rounded() / 10) %"
  }

  private static func digits(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }
}
