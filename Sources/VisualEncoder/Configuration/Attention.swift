/// The gates in every residual block, after its last normalisation and before the addition.
public enum Attention: String, Sendable, Codable, CaseIterable {
  /// A plain residual network.
  case none
  /// Channel and spatial gates (CBAM; Woo et al., ECCV 2018).
  case cbam
  /// The same gates told the category by learned codes (CSCNN; Liu et al., KDD 2020).
  case category
}
