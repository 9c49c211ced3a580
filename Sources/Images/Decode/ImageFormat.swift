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
  /// Named in errors, not decoded.
  case jpegXL = "JPEG XL"
  /// Named in errors, not decoded.
  case jpeg2000 = "JPEG 2000"
  /// Named in errors, not decoded.
  case jpegLS = "JPEG-LS"
  /// Named in errors, not decoded.
  case icon = "ICO"
  /// Named in errors, not decoded.
  case photoshop = "Photoshop"
  /// Named in errors, not decoded.
  case qoi = "QOI"
  /// Named in errors, not decoded.
  case netpbm = "Netpbm"
  /// Named in errors, not decoded.
  case openEXR = "OpenEXR"
  /// Named in errors, not decoded.
  case radiance = "Radiance HDR"
  /// Named in errors, not decoded.
  case directDraw = "DDS"
  /// Named in errors, not decoded.
  case svg = "SVG"
  /// Named in errors, not decoded.
  case pdf = "PDF"

  /// Whether `ImageDecoder` reads the format.
  public var isSupported: Bool { self == .jpeg || self == .png }

  /// Looks at no more than the first dozen bytes.
  package init?(signatureOf bytes: RawSpan) {
    let format = bytes.withUnsafeBytes { FormatSignature.format(of: $0) }
    guard let format else { return nil }
    self = format
  }
}
