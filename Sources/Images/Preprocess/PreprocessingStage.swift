/// The stations of an image on its way to the network.
public enum PreprocessingStage: String, Sendable, Hashable, CaseIterable {
  /// As decoded, and upright where the orientation is applied.
  case decoded
  /// At the size that the crop is taken from.
  case resized
  /// The square that is left, 8 bits.
  case cropped
  /// The square as numbers.
  case normalized
}

/// An image at one of the stations.
public enum PreprocessingResult: Sendable, Hashable {
  /// Bytes, `[height, width, 3]`.
  case pixels(RGBImage)
  /// Floats, `[3, side, side]`, red first.
  case planes([Float], side: Int)
}
