import CKernels

/// Resamples 8-bit RGB images with the pixels of Pillow's `resize`, bit for bit: rows first, eight
/// bits between the passes.
///
/// A resampler computes only a window of the resized image where only a window is wanted; the
/// pixels of the window are those of the whole.
package struct Resampler {
  package let interpolation: Interpolation

  package init(_ interpolation: Interpolation) {
    self.interpolation = interpolation
  }

  /// The whole image at another size.
  /// Complexity: O(width × height of the input + taps × height × width of the output).
  package func resize(_ image: RGBImage, width: Int, height: Int) -> RGBImage {
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { output, count in
      image.pixels.withUnsafeBufferPointer { input in
        resize(
          input, width: image.width, height: image.height, to: (width, height),
          window: (0..<width, 0..<height), scratch: ScratchBuffer(), into: output)
      }
      count = width * height * 3
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  /// A window of the image at another size, written to `output` without gaps.
  func resize(
    _ input: UnsafeBufferPointer<UInt8>, width: Int, height: Int, to size: (width: Int, height: Int),
    window: (x: Range<Int>, y: Range<Int>), scratch: ScratchBuffer<UInt8>,
    into output: UnsafeMutableBufferPointer<UInt8>
  ) {
    precondition(
      input.count >= width * height * 3 && output.count >= window.x.count * window.y.count * 3,
      "\(input.count) bytes for \(width) x \(height), \(output.count) for \(window)")
    guard let source = input.baseAddress, let target = output.baseAddress else { return }

    let wholeWidth = size.width == width && window.x.count == width
    let columns = ResampleAxis(
      from: width, to: size.width, window: window.x, interpolation: interpolation)
    if size.height == height {
      // The rows stay as they are, so the window's rows are all that is needed.
      let first = source + window.y.lowerBound * width * 3
      if wholeWidth {
        target.update(from: first, count: window.y.count * width * 3)
      } else {
        columns.withKernel {
          withUnsafePointer(to: $0) { axis in
            resample_rgb_rows(first, Int32(width), Int32(window.y.count), axis, target)
          }
        }
      }
      return
    }

    var rows = ResampleAxis(
      from: height, to: size.height, window: window.y, interpolation: interpolation)
    let needed = rows.span
    rows.rebase()
    var middle = source + needed.lowerBound * width * 3
    if !wholeWidth {
      let buffer = scratch.reserve(needed.count * window.x.count * 3)
      guard let start = buffer.baseAddress else { return }
      columns.withKernel {
        withUnsafePointer(to: $0) { axis in
          resample_rgb_rows(middle, Int32(width), Int32(needed.count), axis, start)
        }
      }
      middle = UnsafePointer(start)
    }
    rows.withKernel {
      withUnsafePointer(to: $0) { axis in
        resample_rgb_columns(middle, Int32(window.x.count * 3), axis, target)
      }
    }
  }
}
