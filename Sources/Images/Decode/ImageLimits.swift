/// What an image may cost. Every limit is checked before the memory is asked for.
public struct ImageLimits: Sendable, Hashable, Codable {
  /// Encoded bytes.
  public var maximumBytes = 64 << 20
  /// Width × height, of the decoded image and of a resized one. A pixel takes three bytes.
  public var maximumPixels = 64 << 20
  /// Width or height.
  public var maximumSide = 65_535
  /// Scans of a progressive JPEG. Encoders write about ten.
  public var maximumScans = 100
  /// Bytes a codec may hold besides the pixels.
  public var maximumCodecMemory = 256 << 20
  /// Processor time that decoding may take, in seconds.
  public var maximumSeconds = 5.0

  /// The defaults: 64 MiB, 64 Mpx, 100 scans, 256 MiB besides the pixels, 5 s.
  public init() {}

  /// The one place where the size of an image is judged.
  func check(width: Int, height: Int) throws(ImageError) {
    guard width > 0, height > 0 else {
      throw ImageError(.corrupt, "the header announces \(width) x \(height) pixels")
    }
    guard width <= maximumSide, height <= maximumSide else {
      throw ImageError(
        .tooLarge,
        "\(width) x \(height) pixels; a side may have \(maximumSide) (maximumSide)")
    }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    // The bytes of the pixels must be countable, whatever the caller allows.
    guard !overflow, pixels <= maximumPixels, pixels <= Int.max / 3 else {
      throw ImageError(
        .tooLarge,
        "\(width) x \(height) pixels; the limit is \(maximumPixels) pixels (maximumPixels)")
    }
  }

  func check(byteCount: Int) throws(ImageError) {
    guard byteCount > 0 else { throw ImageError(.empty, "there are no bytes") }
    guard byteCount <= maximumBytes else {
      throw ImageError(
        .tooLarge, "\(byteCount) bytes; the limit is \(maximumBytes) bytes (maximumBytes)")
    }
  }
}
