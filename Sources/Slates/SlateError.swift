/// Why a slate could not be built, learnt or arranged.
public enum SlateError: Error, Sendable, Hashable {
  /// A column of a list does not have one entry per candidate.
  case countMismatch(list: String, column: String, expected: Int, found: Int)
  /// A base score is NaN or infinite.
  case scoreNotFinite(list: String, item: String, position: Int, score: String)
  /// Some candidates of a list have a base score and this one has none.
  case scoreMissing(list: String, item: String, position: Int)
  /// The visual vector of an item holds NaN or infinity.
  case visualNotFinite(list: String, item: String)
  /// The embedding of an item holds NaN or infinity.
  case embeddingNotFinite(list: String, item: String)
  /// The visual vectors are not of the width the model was trained with.
  case visualWidth(list: String, expected: Int, found: Int)
  /// The candidates do not have the number of features that is expected of each.
  case featureWidth(list: String, expected: Int, numbers: Int)
  /// A feature of an item is infinite.
  case featureNotFinite(list: String, item: String)
  /// No item of a list has any of the features that the model reads.
  case featuresMissing(list: String, features: [String])
  /// A visual row lies outside the table.
  case visualRow(list: String, item: String, row: Int32, rows: Int)
  /// The model answered with NaN or infinity.
  case outputNotFinite(list: String)
  /// A grade is missing, or none that can be used.
  case grade(list: String, item: String, value: String, rule: String)
  /// A configuration field is out of range.
  case configuration(field: String, value: String, rule: String)
  /// The finished slate breaks a rule: a bug of this library, and nothing that was served.
  case ruleBroken(list: String, rule: String)
  /// There is nothing to learn from.
  case noClicks(lists: Int, part: String)
}

extension SlateError: CustomStringConvertible {
  /// What failed, where, why, and what to do.
  public var description: String {
    switch self {
    case .countMismatch(let list, let column, let expected, let found):
      "List “\(list)” has \(expected) candidates but \(found) \(column); give one for each."
    case .scoreNotFinite(let list, let item, let position, let score):
      "List “\(list)”, position \(position): the base score of “\(item)” is \(score). Scores must be"
        + " finite numbers; repair the ranker's output, or leave out every score."
    case .scoreMissing(let list, let item, let position):
      "List “\(list)”, position \(position): “\(item)” has no base score while other items have."
        + " Give every item a score, or none to keep the order of the list."
    case .visualNotFinite(let list, let item):
      "List “\(list)”: the visual vector of “\(item)” holds NaN, infinity or absurdly large"
        + " numbers. Verify the feature cache and extract the item again."
    case .embeddingNotFinite(let list, let item):
      "List “\(list)”: the embedding of “\(item)” holds NaN or infinity. Repair it in the table of"
        + " embeddings, or leave the item out there."
    case .visualWidth(let list, let expected, let found):
      "List “\(list)”: visual vectors have width \(found), the slate model was trained with"
        + " \(expected). Use the feature cache the model was trained with."
    case .featureWidth(let list, let expected, let numbers):
      "List “\(list)” has \(numbers) feature values in all, but every candidate needs \(expected)."
        + " Give the features that the slate model was trained with, in its order; NaN stands for a"
        + " missing value."
    case .featureNotFinite(let list, let item):
      "List “\(list)”: a feature of “\(item)” is infinite. Leave unknown values out (NaN)."
    case .featuresMissing(let list, let features):
      "List “\(list)”: no item has any of the \(features.count) features that the slate model reads"
        + " (\(features.prefix(3).joined(separator: ", "))\(features.count > 3 ? ", …" : "")). Send"
        + " them with the items, or join them from the requests with rerank --requests."
    case .visualRow(let list, let item, let row, let rows):
      "List “\(list)”: “\(item)” points at row \(row) of a visual table of \(rows) rows; use -1 for"
        + " an item without an image."
    case .outputNotFinite(let list):
      "List “\(list)”: the slate model answered with NaN or infinity. Its weights are damaged;"
        + " load an intact model."
    case .grade(let list, let item, let value, let rule):
      "List “\(list)”: the grade of “\(item)” is \(value), but \(rule)."
    case .configuration(let field, let value, let rule):
      "\(field) is \(value), but \(rule)."
    case .ruleBroken(let list, let rule):
      "List “\(list)”: the finished slate breaks a rule: \(rule). This is a bug of the re-ranker;"
        + " please report the list and the rules."
    case .noClicks(let lists, let part):
      "None of the \(lists) \(part) lists has a click, so nothing can be learnt from them. Check the"
        + " click column."
    }
  }
}
