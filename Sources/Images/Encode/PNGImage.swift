import CImageCodecs

/// Writes PNG.
package enum PNGImage {
  /// The bytes of a PNG file, 8-bit RGB.
  /// - Parameter level: of zlib's compression, from 0 (none) to 9; 6 is zlib's own choice.
  /// - Throws: `ImageError`: `tooLarge` where libpng cannot write the size, or `outOfMemory`.
  /// - Complexity: O(width × height).
  package static func encode(_ image: RGBImage, level: Int = 6) throws(ImageError) -> [UInt8] {
    precondition((0...9).contains(level), "compression level \(level) must be within 0...9")
    guard let width = UInt32(exactly: image.width), let height = UInt32(exactly: image.height)
    else { throw ImageError(.tooLarge, "\(image.width) x \(image.height) pixels for a PNG") }
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    let report = codec_encode_png(image.pixels, width, height, Int32(level), &bytes, &count)
    defer { codec_free(bytes) }
    try ImageDecoder().check(report, .png)
    return [UInt8](UnsafeBufferPointer(start: bytes, count: count))
  }
}
