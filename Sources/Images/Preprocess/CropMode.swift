/// How an image of any shape becomes a square, by the names of timm.
public enum CropMode: String, Sendable, Hashable, Codable, CaseIterable {
  /// The short side is resized, the middle is cut out. What torchvision does.
  case center
  /// Both sides are resized, the aspect ratio is lost; the middle is cut out.
  case squash
  /// The long side is resized; what is missing is filled with the mean colour.
  case border
}

/// What to do with the orientation that EXIF announces.
public enum OrientationPolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// Leave the pixels as stored. What torchvision on PIL images does.
  case ignore
  /// Turn the pixels upright before resizing.
  case apply
}
