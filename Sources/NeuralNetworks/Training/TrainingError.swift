/// Why training stopped before its end.
public enum TrainingError: Error, Sendable, CustomStringConvertible {
  /// The loss or a gradient of a batch, or the validation score of an epoch (`batch` is nil), is not
  /// a finite number. The model holds the best parameters so far.
  case notFinite(epoch: Int, batch: Int?, what: String)
  /// There is nothing to train on.
  case noBatches

  /// What failed, where, why, and what to do.
  public var description: String {
    switch self {
    case .notFinite(let epoch, let batch?, let what):
      "training stopped at epoch \(epoch), batch \(batch): the \(what) is not finite; the last good"
        + " parameters are kept. Lower learning_rate, set clip_norm, or check that batch's features"
    case .notFinite(let epoch, nil, let what):
      "training stopped after epoch \(epoch): the \(what) is not finite; the last good parameters"
        + " are kept. Check the validation split: it may be empty, of one class only, or hold"
        + " features that are not finite"
    case .noBatches:
      "training has no batches: the training split is empty; check the split and the filters"
    }
  }
}
