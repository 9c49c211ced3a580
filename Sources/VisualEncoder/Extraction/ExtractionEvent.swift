import FeatureCache
import Images

/// What workers tell the writer.
enum ExtractionEvent: Sendable {
  /// A new vector for the first item, and for those that came with the same image meanwhile.
  case computed(FeatureKey, [ExtractionItem], [Float], ImageHeader)
  case link(ExtractionItem, FeatureKey)
  case unchanged(ExtractionItem)
  case withoutImage(ExtractionItem)
  case failed(ExtractionItem, reason: String, message: String)
  /// The cache cannot be read any more.
  case broken(VisualEncoderError)
}
