/// Resamples 8-bit RGB images with the pixels of Pillow's `resize`, bit for bit: eight bits between
/// the two passes.
///
/// A resampler computes only a window of the resized image where only a window is wanted; the
/// pixels of the window are those of the whole.
package struct Resampler {
  package let interpolation: Interpolation
  package let path: ResamplePath

  package init(_ interpolation: Interpolation, path: ResamplePath = .fastest) {
    self.interpolation = interpolation
    self.path = path
  }

  /// The whole image at another size.
  /// Complexity: O(width × height of the input + taps × height × width of the output).
  package func resize(_ image: RGBImage, width: Int, height: Int) -> RGBImage {
    let resampling = Resampling(
      width: image.width, height: image.height, to: (width, height),
      window: (0..<width, 0..<height), self, ResampleCache())
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { output, count in
      image.pixels.withUnsafeBufferPointer { input in
        resampling.run(input, scratch: ScratchBuffer(), into: output)
      }
      count = width * height * 3
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}
