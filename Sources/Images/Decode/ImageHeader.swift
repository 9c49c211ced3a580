/// What the header of an image says, after the limits have been checked.
public struct ImageHeader: Sendable, Hashable {
  /// JPEG or PNG.
  public let format: ImageFormat
  /// Pixels, as stored: before any orientation.
  public let width: Int
  /// Pixels, as stored: before any orientation.
  public let height: Int
  /// Stored channels: 1 grey (or palette), 2 grey and alpha, 3 colour, 4 CMYK or colour and alpha.
  public let channels: Int
  /// Bits of a stored sample.
  public let bitDepth: Int
  /// Whether the image is progressive (JPEG) or interlaced (PNG).
  public let isStaged: Bool
  /// What EXIF says about the camera's position. `up` where EXIF is absent or nonsense.
  public let orientation: Orientation
  /// Whether the file embeds a colour profile.
  public let hasColorProfile: Bool
  /// Whether the file has an alpha channel or a transparent colour.
  public let hasAlpha: Bool
  /// What was bent on the way to the network. Complete once the image has been preprocessed.
  public internal(set) var notes: ImageNotes = []
  /// What was wrong with the file, where damage was accepted.
  public internal(set) var damage: String?

  /// Whether the pixels differ from Pillow's on purpose: of 16-bit grey they are the high byte,
  /// where Pillow makes everything above 255 white.
  public var isReducedGrey: Bool { bitDepth == 16 && channels == 1 }

  /// Bytes of the decoded pixels. Cannot overflow: the limits have been checked.
  package var byteCount: Int { width * height * 3 }
}
