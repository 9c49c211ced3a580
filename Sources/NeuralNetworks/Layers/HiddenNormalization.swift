/// What brings the sums of a hidden layer to a common scale, before the activation.
public enum HiddenNormalization: String, Sendable, Hashable, Codable, CaseIterable {
  /// Nothing.
  case none
  /// Each row over the units (`LayerNorm`).
  case layer
  /// Each unit over the rows of the batch, or the shard of it; by running statistics in inference.
  case batch
}
