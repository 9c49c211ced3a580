/// Arranges lists without a tape: the form of a slate model that serves.
///
/// Deterministic, and safe to call from several tasks at once.
public protocol SlateDecoder: Sendable {
  /// Width of the visual vectors it looks at; 0 if it looks at none.
  var visualInputs: Int { get }

  /// Names of the numbers that every candidate must bring, in the order of `SlateList.features`.
  var featureNames: [String] { get }

  /// The best `top` candidates one after the other, as positions in the base order of `list`; all of
  /// them where the list has no more.
  ///
  /// - Throws: `SlateError` when the list lacks what the model reads, a visual vector is not finite
  ///   or of another width than the model was trained with, or the model answers with NaN or
  ///   infinity.
  func decode(_ list: SlateList, top: Int) throws(SlateError) -> [Int]
}

extension SlateDecoder {
  /// Arranges all candidates.
  public func decode(_ list: SlateList) throws(SlateError) -> [Int] {
    try decode(list, top: .max)
  }
}
