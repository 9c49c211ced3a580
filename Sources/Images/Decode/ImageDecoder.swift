import CImageCodecs

/// Decodes JPEG and PNG to 8-bit RGB with the pixels of Pillow's `convert("RGB")`.
///
/// Alpha is dropped, palettes are looked up, grey is replicated, CMYK is taken as Adobe stores it,
/// 16-bit samples keep their high byte, EXIF orientation and colour profiles are left alone.
/// Any input ends in pixels or in an `ImageError`.
public struct ImageDecoder: Sendable {
  /// What an image may cost.
  public var limits: ImageLimits

  /// A decoder that refuses what exceeds `limits`.
  public init(limits: ImageLimits = ImageLimits()) {
    self.limits = limits
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
    let report = bytes.withUnsafeBytes { unsafe probe($0, as: format) }
    // A size beyond the limits says more than what else is too large, and is cheap to know.
    if report.status == .CODEC_OK || (report.status == .CODEC_TOO_LARGE && report.width > 0) {
      try limits.check(width: Int(report.width), height: Int(report.height))
    }
    try check(report, format)
    let metadata = ImageMetadata(of: bytes, format: format)
    return ImageHeader(
      format: format, width: Int(report.width), height: Int(report.height),
      channels: Int(report.components), bitDepth: Int(report.bit_depth), isStaged: report.staged,
      orientation: metadata.orientation ?? .up, hasColorProfile: metadata.hasColorProfile)
  }

  /// Decodes to a new image.
  /// Complexity: O(n + width × height).
  package func decode(_ bytes: RawSpan) throws(ImageError) -> RGBImage {
    let header = try header(of: bytes)
    var failure: ImageError?
    let pixels = [UInt8](unsafeUninitializedCapacity: header.byteCount) { buffer, count in
      do throws(ImageError) {
        try decode(bytes, header, into: buffer)
        count = header.byteCount
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return RGBImage(width: header.width, height: header.height, pixels: pixels)
  }

  /// Decodes to the first `header.byteCount` bytes of `buffer`, rows from the top, RGB interleaved.
  package func decode(
    _ bytes: RawSpan, _ header: ImageHeader, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(ImageError) {
    precondition(
      buffer.count >= header.byteCount,
      "\(buffer.count) bytes for an image of \(header.byteCount)")
    let report = bytes.withUnsafeBytes { unsafe decode($0, as: header.format, into: buffer) }
    try check(report, header.format)
  }

  private var codecLimits: codec_limits {
    codec_limits(
      memory: UInt64(clamping: limits.maximumCodecMemory),
      scans: UInt32(clamping: limits.maximumScans), seconds: limits.maximumSeconds)
  }

  private func probe(_ bytes: UnsafeRawBufferPointer, as format: ImageFormat) -> codec_report {
    var limits = codecLimits
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    return switch format {
    case .png: codec_probe_png(start, bytes.count, &limits)
    default: codec_probe_jpeg(start, bytes.count, &limits)
    }
  }

  private func decode(
    _ bytes: UnsafeRawBufferPointer, as format: ImageFormat,
    into pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> codec_report {
    var limits = codecLimits
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    return switch format {
    case .png: codec_decode_png(start, bytes.count, &limits, pixels.baseAddress, pixels.count)
    default: codec_decode_jpeg(start, bytes.count, &limits, pixels.baseAddress, pixels.count)
    }
  }

  private func check(_ report: codec_report, _ format: ImageFormat) throws(ImageError) {
    let reason: ImageError.Reason
    switch report.status {
    case .CODEC_OK: return
    case .CODEC_TRUNCATED: reason = .truncated
    case .CODEC_CORRUPT: reason = .corrupt
    case .CODEC_UNSUPPORTED: reason = .unsupportedVariant
    case .CODEC_TOO_LARGE: reason = .tooLarge
    case .CODEC_OUT_OF_MEMORY: reason = .outOfMemory
    }
    let message = withUnsafeBytes(of: report.message) { text in
      String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
    let size = report.width > 0 ? " (\(report.width) x \(report.height) pixels)" : ""
    throw ImageError(reason, "\(format.rawValue)\(size): \(message)")
  }
}
