import RankingData

/// Why a ranker cannot be built, trained or used.
public enum RankerError: Error, Sendable, Hashable {
  /// No ranker goes by this name.
  case unknownKind(String, known: [String])
  /// A configuration has a key that nothing reads.
  case unknownKey(String, owner: String, known: [String])
  /// Keys of another tool, each with what to do instead.
  case refusedKeys([String: String], owner: String)
  /// A configuration value is none of the names it may be.
  case unknownChoice(key: String, value: String, known: [String])
  /// A configuration value makes no model.
  case configuration(key: String, value: String, reason: String)
  /// The schema asks for visual features, but the vectors were not described.
  case missingVisualInput
  /// The vectors do not have the width the ranker was built for.
  case visualWidth(expected: Int, found: Int)
  /// The vectors come from another encoder, or the same one with other preprocessing.
  case visualVersion(expected: String, found: String)
  /// No loss goes by this name.
  case unknownLoss(String, known: [String])
  /// A label that a loss cannot learn from.
  case label(Float, row: Int, loss: String, reason: String)
  /// A task that cannot be learnt.
  case task(String, reason: String)
  /// Scores that cannot be turned into probabilities.
  case calibration(String)
  /// A solver that ran out of passes before it came close enough to the best.
  case notSolved(kind: String, gap: Double, tolerance: Double, passes: Int)
  /// A set of requests none of which has rows of different labels.
  case noOrder(String)
  /// A training or validation set without rows.
  case noRows(String)
}

extension RankerError: CustomStringConvertible {
  /// What failed, why, and what to do.
  public var description: String {
    switch self {
    case .unknownKind(let kind, let known):
      "There is no ranker of kind '\(kind)'. \(suggestion(for: kind, in: known))"
    case .unknownKey(let key, let owner, let known):
      "The configuration of '\(owner)' has no key '\(key)'. \(suggestion(for: key, in: known))"
    case .refusedKeys(let reasons, let owner):
      reasons.sorted { $0.key < $1.key }.map { key, reason in
        "The configuration of '\(owner)' cannot have '\(key)': \(reason)."
      }.joined(separator: " ")
    case .unknownChoice(let key, let value, let known):
      "The ranker configuration sets '\(key)' to '\(value)', which it cannot be. "
        + suggestion(for: value, in: known)
    case .configuration(let key, let value, let reason):
      "The ranker configuration sets '\(key)' to \(value), but \(reason)."
    case .missingVisualInput:
      "The schema asks for visual features, but no visual vectors were given. Name a feature cache, "
        + "or switch the schema's visual features off."
    case .visualWidth(let expected, let found):
      "The ranker was trained on visual vectors of width \(expected), but these have \(found). "
        + "Use the feature cache of the encoder it was trained with, or train it again."
    case .visualVersion(let expected, let found):
      "The ranker was trained on visual vectors of version '\(expected)', but these are of version "
        + "'\(found)'. Versions must not be mixed: use the matching feature cache, or train again."
    case .unknownLoss(let kind, let known):
      "There is no loss of kind '\(kind)'. \(suggestion(for: kind, in: known))"
    case .label(let label, let row, let loss, let reason):
      "Row \(row) (from 0) has the label \(label), but \(reason), and 'training.loss' is '\(loss)'. "
        + "Map the labels in the schema, or choose a loss of lists for grades, such as 'lambdarank'."
    case .task(let name, let reason):
      "The task '\(name)' cannot be learnt: \(reason)."
    case .calibration(let reason):
      "The scores cannot be calibrated: \(reason). Check the labels and the split, or rank by the scores "
        + "without probabilities."
    case .notSolved(let kind, let gap, let tolerance, let passes):
      "After \(passes) passes the '\(kind)' may still be \(gap) of its objective from the best, and "
        + "'tolerance' asks for \(tolerance). Allow more 'passes', a larger 'tolerance' or a smaller 'c'."
    case .noOrder(let role):
      "No request of the \(role) set has rows of different labels, so there is no order to learn or to "
        + "measure. Check that the schema's 'request' names the column of what was ranked together, or "
        + "use the logistic loss and the monitor 'auc'."
    case .noRows(let role):
      "The \(role) set has no rows. Check the split and the filters before it."
    }
  }
}
