import CImageCodecs

/// Decodes JPEG and PNG to 8-bit RGB; by default with the pixels of Pillow's `convert("RGB")`.
///
/// Palettes are looked up, grey is replicated, CMYK is taken as Adobe stores it, 16-bit samples keep
/// their high byte, EXIF orientation is left alone. Any input ends in pixels or in an `ImageError`.
public struct ImageDecoder: Sendable {
  /// What an image may cost.
  public var limits: ImageLimits
  /// What happens to transparency.
  public var alpha: AlphaPolicy
  /// What happens to embedded colour profiles.
  public var colorProfile: ColorProfilePolicy
  /// What happens to damaged images.
  public var damage: DamagePolicy

  /// A decoder that refuses what exceeds `limits` and follows the policies.
  public init(
    limits: ImageLimits = ImageLimits(), alpha: AlphaPolicy = .drop,
    colorProfile: ColorProfilePolicy = .ignore, damage: DamagePolicy = .refuse
  ) {
    self.limits = limits
    self.alpha = alpha
    self.colorProfile = colorProfile
    self.damage = damage
  }

  /// Reads the header and judges it against the limits. Nothing is allocated for pixels.
  /// Complexity: up to O(n) in the bytes before the first scan.
  package func header(of bytes: RawSpan) throws(ImageError) -> ImageHeader {
    try limits.check(byteCount: bytes.byteCount)
    guard let format = ImageFormat(signatureOf: bytes) else {
      throw ImageError(
        .unsupportedFormat, "the bytes start like no image format; JPEG and PNG are read")
    }
    guard format.isSupported else {
      throw ImageError(
        .unsupportedFormat, "\(format.rawValue) is not read; convert the image to JPEG or PNG")
    }
    let report = probe(bytes, format)
    // A size beyond the limits says more than what else is too large, and is cheap to know.
    if report.status == .CODEC_OK || (report.status == .CODEC_TOO_LARGE && report.width > 0) {
      try limits.check(width: Int(report.width), height: Int(report.height))
    }
    try check(report, format)
    let metadata = ImageMetadata(of: bytes, format: format)
    if metadata.hasColorProfile && colorProfile == .refuse {
      throw ImageError(
        .refused,
        "\(format.rawValue): a colour profile is embedded, and the colour profile policy"
          + " is to refuse; convert the image to sRGB without a profile")
    }
    var header = ImageHeader(
      format: format, width: Int(report.width), height: Int(report.height),
      channels: Int(report.components), bitDepth: Int(report.bit_depth), isStaged: report.staged,
      orientation: metadata.orientation ?? .up, hasColorProfile: metadata.hasColorProfile,
      hasAlpha: report.has_alpha)
    if header.hasColorProfile { header.notes.insert(.profileIgnored) }
    if header.hasAlpha && alpha == .drop { header.notes.insert(.alphaDropped) }
    if header.isReducedGrey { header.notes.insert(.sixteenBitGreyReduced) }
    return header
  }

  /// Decodes to a new image.
  /// Complexity: O(n + width × height).
  package func decode(_ bytes: RawSpan) throws(ImageError) -> RGBImage {
    var header = try header(of: bytes)
    return try decode(bytes, &header)
  }

  /// Decodes to a new image and notes damage in its header.
  package func decode(
    _ bytes: RawSpan, _ header: inout ImageHeader
  ) throws(ImageError) -> RGBImage {
    var failure: ImageError?
    let count = header.byteCount
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(ImageError) {
        try decode(bytes, &header, into: buffer)
        filled = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return RGBImage(width: header.width, height: header.height, pixels: pixels)
  }

  /// Decodes to the first `header.byteCount` bytes of `buffer`, rows from the top, RGB interleaved,
  /// and notes damage in the header.
  /// - Parameter rows: the rows that are needed, or nil for all; the others may hold anything.
  package func decode(
    _ bytes: RawSpan, _ header: inout ImageHeader, rows: Range<Int>? = nil,
    into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(ImageError) {
    precondition(
      buffer.count >= header.byteCount,
      "\(buffer.count) bytes for an image of \(header.byteCount)")
    let report = decode(bytes, header.format, options(rows: rows), into: buffer)
    try check(report, header.format)
    if report.damaged {
      header.notes.insert(.damageAccepted)
      header.damage = Self.message(report)
    }
  }

  /// The pixels with their alpha, `[height, width, 4]`: 255 where the file has none.
  package func decodeWithAlpha(_ bytes: RawSpan) throws(ImageError) -> [UInt8] {
    let header = try header(of: bytes)
    let count = header.width * header.height * 4
    var options = options()
    options.alpha = .CODEC_ALPHA_KEEP
    guard header.format == .png else {
      let image = try decode(bytes)
      return (0..<count).map { $0 % 4 == 3 ? 255 : image.pixels[$0 / 4 * 3 + $0 % 4] }
    }
    var report = codec_report()
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      report = decode(bytes, .png, options, into: buffer)
      filled = report.status == .CODEC_OK ? count : 0
    }
    try check(report, header.format)
    return pixels
  }

  private var codecLimits: codec_limits {
    codec_limits(
      memory: UInt64(clamping: limits.maximumCodecMemory),
      scans: UInt32(clamping: limits.maximumScans), seconds: limits.maximumSeconds)
  }

  private func options(rows: Range<Int>? = nil) -> codec_options {
    codec_options(
      alpha: alpha == .white ? .CODEC_ALPHA_WHITE : .CODEC_ALPHA_DROP, lenient: damage == .accept,
      first_row: UInt32(clamping: rows?.lowerBound ?? 0),
      row_count: UInt32(clamping: rows?.count ?? 0))
  }

  private func probe(_ bytes: RawSpan, _ format: ImageFormat) -> codec_report {
    var limits = codecLimits
    var options = options()
    return bytes.withUnsafeBytes { bytes in
      let start = bytes.bindMemory(to: UInt8.self).baseAddress
      let probe = format == .png ? codec_probe_png : codec_probe_jpeg
      return probe(start, bytes.count, &limits, &options)
    }
  }

  private func decode(
    _ bytes: RawSpan, _ format: ImageFormat, _ options: codec_options,
    into pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> codec_report {
    var limits = codecLimits
    var options = options
    return bytes.withUnsafeBytes { bytes in
      let start = bytes.bindMemory(to: UInt8.self).baseAddress
      let decode = format == .png ? codec_decode_png : codec_decode_jpeg
      return decode(start, bytes.count, &limits, &options, pixels.baseAddress, pixels.count)
    }
  }

  func check(_ report: codec_report, _ format: ImageFormat) throws(ImageError) {
    let reason: ImageError.Reason
    switch report.status {
    case .CODEC_OK: return
    case .CODEC_TRUNCATED: reason = .truncated
    case .CODEC_CORRUPT: reason = .corrupt
    case .CODEC_UNSUPPORTED: reason = .unsupportedVariant
    case .CODEC_TOO_LARGE: reason = .tooLarge
    case .CODEC_OUT_OF_MEMORY: reason = .outOfMemory
    }
    let size = report.width > 0 ? " (\(report.width) x \(report.height) pixels)" : ""
    throw ImageError(reason, "\(format.rawValue)\(size): \(Self.message(report))")
  }

  static func message(_ report: codec_report) -> String {
    withUnsafeBytes(of: report.message) { text in
      String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
