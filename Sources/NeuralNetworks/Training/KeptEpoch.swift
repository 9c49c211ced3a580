/// Which epoch's parameters a training leaves a model with.
public enum KeptEpoch: String, Sendable, Hashable, Codable, CaseIterable {
  /// The one with the best validation score.
  case best
  /// The last one: where the learning rate falls to nothing by a schedule, and the validation has too
  /// few examples to choose among epochs.
  case last
}
