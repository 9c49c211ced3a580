/// How an image of any shape becomes a square, by the names of timm.
public enum CropMode: String, Sendable, Hashable, Codable, CaseIterable {
  /// The short side is resized, the middle is cut out. What torchvision does.
  case center
  /// Both sides are resized, the aspect ratio is lost; the middle is cut out.
  case squash
  /// The long side is resized; what is missing is filled with the mean colour.
  case border
}
