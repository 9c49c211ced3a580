/// Everything that decides what a network sees of an image file.
///
/// The defaults are torchvision's for its first ImageNet weights: short side to 256, bilinear,
/// the middle 224 × 224. Equal values give equal pixels, bit for bit those of Pillow and
/// torchvision on PIL images; `hash` stands for the value in cache keys.
public struct Preprocessing: Sendable, Hashable {
  /// The side that is resized to, in pixels. Which side, `cropMode` tells.
  public let resize: Int
  /// Width and height of the result, in pixels.
  public let crop: Int
  /// The resampling kernel.
  public var interpolation: Interpolation
  /// How a rectangle becomes a square.
  public var cropMode: CropMode
  /// What happens to EXIF orientation.
  public var orientation: OrientationPolicy
  /// What happens to transparency.
  public var alpha: AlphaPolicy
  /// What happens to embedded colour profiles.
  public var colorProfile: ColorProfilePolicy
  /// What happens to damaged images.
  public var damage: DamagePolicy
  /// What bytes become numbers with.
  public var normalization: Normalization

  /// - Precondition: `resize` and `crop` are within `sides`.
  public init(
    resize: Int = 256, crop: Int = 224, interpolation: Interpolation = .bilinear,
    cropMode: CropMode = .center, orientation: OrientationPolicy = .ignore,
    alpha: AlphaPolicy = .drop, colorProfile: ColorProfilePolicy = .ignore,
    damage: DamagePolicy = .refuse, normalization: Normalization = .imageNet
  ) {
    precondition(
      Self.sides.contains(resize) && Self.sides.contains(crop),
      "resize \(resize), crop \(crop); both must be within \(Self.sides)")
    self.resize = resize
    self.crop = crop
    self.interpolation = interpolation
    self.cropMode = cropMode
    self.orientation = orientation
    self.alpha = alpha
    self.colorProfile = colorProfile
    self.damage = damage
    self.normalization = normalization
  }

  /// The sides that can be asked for.
  public static let sides = 1...4096

  /// Floats of a normalised image: 3 × crop × crop.
  package var count: Int { 3 * crop * crop }

  /// The decoder that follows the policies.
  func decoder(limits: ImageLimits) -> ImageDecoder {
    ImageDecoder(limits: limits, alpha: alpha, colorProfile: colorProfile, damage: damage)
  }

  func geometry(width: Int, height: Int) -> CropGeometry {
    CropGeometry(width: width, height: height, resize: resize, crop: crop, mode: cropMode)
  }

  /// The colour of what lies outside the image: the mean in border mode, else torchvision's black.
  var fill: [UInt8] {
    cropMode == .border ? normalization.fill : [0, 0, 0]
  }
}
