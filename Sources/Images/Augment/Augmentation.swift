/// How far a training picture may differ from the file it comes from.
///
/// The choices suit product photos: part of the picture, a little stretched, mirrored, turned by a
/// few degrees, in another light, partly hidden. The defaults are mild. What is chosen for a picture
/// depends on (seed, epoch, image) alone, see `AugmentationStream`.
public struct Augmentation: Sendable, Hashable {
  /// Share of the picture's area that is shown (random resized crop; Szegedy et al., CVPR 2015).
  public var area: ClosedRange<Double> = 0.6...1
  /// Width to height of the part that is shown.
  public var ratio: ClosedRange<Double> = 0.8...1.25
  /// How likely a picture is mirrored left to right. 0 where pictures bear text, which mirrored is
  /// another picture.
  public var flip: Double = 0.5
  /// The most degrees that a picture is turned, either way.
  public var rotation: Double = 5
  /// Brightness is multiplied by a factor within 1 ± this.
  public var brightness: Double = 0.2
  /// Distances from the middle grey are multiplied by a factor within 1 ± this.
  public var contrast: Double = 0.2
  /// Distances from a pixel's own grey are multiplied by a factor within 1 ± this.
  public var saturation: Double = 0.2
  /// How likely a rectangle is hidden (random erasing; Zhong et al., AAAI 2020).
  public var erase: Double = 0.25
  /// Share of the area that is hidden.
  public var eraseArea: ClosedRange<Double> = 0.02...0.2

  /// The defaults.
  public init() {}

  /// Nothing is changed: pictures are what the preprocessing makes of them, bit for bit.
  public static let none: Augmentation = {
    var none = Augmentation()
    (none.area, none.ratio) = (1...1, 1...1)
    (none.flip, none.rotation, none.erase) = (0, 0, 0)
    (none.brightness, none.contrast, none.saturation) = (0, 0, 0)
    return none
  }()

  /// Whether no picture is changed.
  public var isNone: Bool {
    var copy = self
    // How much would be hidden says nothing where nothing is.
    if erase == 0 { copy.eraseArea = Self.none.eraseArea }
    return copy == .none
  }

  /// The legal values of the parameters, by their names in a configuration.
  package static let limits: [(name: String, range: ClosedRange<Double>)] = [
    ("area", 0.01...1), ("ratio", 0.1...10), ("flip", 0...1), ("rotation", 0...45),
    ("brightness", 0...0.9), ("contrast", 0...0.9), ("saturation", 0...1), ("erase", 0...1),
    ("erase_area", 0.001...0.9),
  ]
}

extension Augmentation: Codable {
  private enum CodingKeys: String, CodingKey {
    case area, ratio, flip, rotation, brightness, contrast, saturation, erase
    case eraseArea = "erase_area"
  }
}
