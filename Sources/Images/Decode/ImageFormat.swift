/// An image format, told by its first bytes. File names are never consulted.
public enum ImageFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// JPEG: baseline, extended, progressive; grey, colour, CMYK.
  case jpeg = "JPEG"
  /// PNG: 1 to 16 bits, with or without palette, alpha, interlacing.
  case png = "PNG"
  /// Named in errors, not decoded.
  case webp = "WebP"
  /// Named in errors, not decoded.
  case gif = "GIF"
  /// Named in errors, not decoded.
  case avif = "AVIF"
  /// Named in errors, not decoded.
  case heic = "HEIC"
  /// Named in errors, not decoded.
  case bmp = "BMP"
  /// Named in errors, not decoded.
  case tiff = "TIFF"

  /// Whether `ImageDecoder` reads the format.
  public var isSupported: Bool { self == .jpeg || self == .png }

  /// Looks at no more than the first twelve bytes.
  package init?(signatureOf bytes: RawSpan) {
    let head = bytes.withUnsafeBytes { Array($0.prefix(12)) }
    func at(_ offset: Int, _ signature: [UInt8]) -> Bool {
      head.dropFirst(offset).starts(with: signature)
    }
    func at(_ offset: Int, _ text: String) -> Bool { at(offset, Array(text.utf8)) }

    let isBox = at(4, "ftyp")
    if at(0, [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if at(0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if at(0, "RIFF"), at(8, "WEBP") {
      self = .webp
    } else if at(0, "GIF87a") || at(0, "GIF89a") {
      self = .gif
    } else if isBox, at(8, "avif") || at(8, "avis") {
      self = .avif
    } else if isBox, at(8, "heic") || at(8, "heix") || at(8, "hevc") || at(8, "mif1") {
      self = .heic
    } else if at(0, "BM") {
      self = .bmp
    } else if at(0, [0x49, 0x49, 0x2A, 0x00]) || at(0, [0x4D, 0x4D, 0x00, 0x2A]) {
      self = .tiff
    } else {
      return nil
    }
  }
}
