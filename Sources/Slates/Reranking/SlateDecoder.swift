/// What arranges lists: a trained slate model in the form that serves, without a tape.
///
/// Safe to call from several tasks at once, and deterministic.
public protocol SlateDecoder: Sendable {
  /// Width of the visual vectors it reads; 0 when it looks at no images.
  var visualInputs: Int { get }
  /// Item features it reads, in order.
  var featureNames: [String] { get }
  /// The best `top` candidates one after the other, as positions in the base order of `list`.
  /// - Throws: `SlateError` on vectors or features that do not fit the model, and where the model
  ///   answers with NaN or infinity.
  func decode(_ list: SlateList, top: Int) throws(SlateError) -> [Int]
}
