/// An image of 8-bit RGB pixels.
public struct RGBImage: Sendable, Hashable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Rows from the top, pixels from the left, red, green, blue: `[height, width, 3]`.
  public let pixels: [UInt8]

  /// An image of the given pixels; their count must be width × height × 3.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height * 3,
      "\(pixels.count) bytes for \(width) x \(height) pixels")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The pixels turned upright.
  package func oriented(_ orientation: Orientation) -> RGBImage {
    guard orientation != .up else { return self }
    let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { output, count in
      pixels.withUnsafeBufferPointer {
        orientation.apply(to: $0, width: width, height: height, into: output)
      }
      count = pixels.count
    }
    return orientation.swapsSides
      ? RGBImage(width: height, height: width, pixels: turned)
      : RGBImage(width: width, height: height, pixels: turned)
  }
}
