/// Why training stopped before its end.
public enum TrainingError: Error, Sendable, CustomStringConvertible {
  /// The loss or a gradient is not a number. The model holds the best parameters so far.
  case notFinite(epoch: Int, batch: Int, what: String)
  /// There is nothing to train on.
  case noBatches

  /// What failed, where, why, and what to do.
  public var description: String {
    switch self {
    case .notFinite(let epoch, let batch, let what):
      "training stopped at epoch \(epoch), batch \(batch): the \(what) is not finite; the last good"
        + " parameters are kept. Lower learning_rate, set clip_norm, or check that batch's features"
    case .noBatches:
      "training has no batches: the training split is empty; check the split and the filters"
    }
  }
}
