/// What was bent to make an image fit: information of the file that the pixels do not show, and
/// damage that was let pass. For counting; an image with notes is as good as its preprocessing asks.
public struct ImageNotes: OptionSet, Sendable, Hashable {
  /// One bit a note.
  public let rawValue: UInt8

  /// Notes of the given bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// EXIF says that the pixels must be turned; they were not.
  public static let orientationIgnored = ImageNotes(rawValue: 1)
  /// A colour profile is embedded; the numbers were taken as they are.
  public static let profileIgnored = ImageNotes(rawValue: 2)
  /// Pixels may be transparent; their hidden colour was taken.
  public static let alphaDropped = ImageNotes(rawValue: 4)
  /// Of 16-bit grey the high byte was taken, where Pillow makes everything above 255 white.
  public static let sixteenBitGreyReduced = ImageNotes(rawValue: 8)
  /// The file is damaged or incomplete; what could be decoded was taken.
  public static let damageAccepted = ImageNotes(rawValue: 16)

  private static let words: [(ImageNotes, String)] = [
    (.orientationIgnored, "orientation-ignored"), (.profileIgnored, "profile-ignored"),
    (.alphaDropped, "alpha-dropped"), (.sixteenBitGreyReduced, "sixteen-bit-grey-reduced"),
    (.damageAccepted, "damage-accepted"),
  ]

  /// Stable words for ledgers and counters, in a fixed order.
  public var names: [String] {
    Self.words.filter { contains($0.0) }.map(\.1)
  }
}
