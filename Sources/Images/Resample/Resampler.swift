import CKernels

/// Resamples 8-bit RGB images with the pixels of Pillow's `resize`, bit for bit: eight bits between
/// the two passes.
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
    _ input: UnsafeBufferPointer<UInt8>, width: Int, height: Int,
    to size: (width: Int, height: Int), window: (x: Range<Int>, y: Range<Int>),
    scratch: ScratchBuffer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
  ) {
    precondition(
      input.count >= width * height * 3 && output.count >= window.x.count * window.y.count * 3,
      "\(input.count) bytes for \(width) x \(height), \(output.count) for \(window)")
    guard let source = input.baseAddress, let target = output.baseAddress else { return }
    if size == (width, height) {
      copy(source, width: width, window: window, to: target)
      return
    }
    var columns = ResampleAxis(
      from: width, to: size.width, window: window.x, interpolation: interpolation)
    var rows = ResampleAxis(
      from: height, to: size.height, window: window.y, interpolation: interpolation)
    let stride = width * 3
    let top = source + rows.span.lowerBound * stride
    if Self.startsWithColumns(from: (width, height), to: size) {
      let needed = columns.span
      guard let middle = scratch.reserve(needed.count * window.y.count * 3).baseAddress
      else { return }
      rows.rebase()
      columns.rebase()
      rows.withKernel {
        resample_rgb_columns(
          top + needed.lowerBound * 3, stride, Int32(needed.count * 3), $0, middle)
      }
      columns.withKernel {
        resample_rgb_rows(middle, Int32(needed.count), Int32(window.y.count), $0, target)
      }
    } else {
      let needed = rows.span.count
      guard let middle = scratch.reserve(needed * window.x.count * 3).baseAddress else { return }
      rows.rebase()
      columns.withKernel {
        resample_rgb_rows(top, Int32(width), Int32(needed), $0, middle)
      }
      rows.withKernel {
        resample_rgb_columns(
          middle, window.x.count * 3, Int32(window.x.count * 3), $0, target)
      }
    }
  }

  /// Since version 13 Pillow shrinks a height first that loses more than twice the pixels of the
  /// width. The order shows in the pixels, because they are rounded between the passes.
  private static func startsWithColumns(
    from input: (width: Int, height: Int), to output: (width: Int, height: Int)
  ) -> Bool {
    let loss = input.height - output.height
    return loss > 0 && loss > 2 * (input.width - output.width)
  }

  private func copy(
    _ source: UnsafePointer<UInt8>, width: Int, window: (x: Range<Int>, y: Range<Int>),
    to target: UnsafeMutablePointer<UInt8>
  ) {
    let line = window.x.count * 3
    for (row, y) in window.y.enumerated() {
      (target + row * line).update(
        from: source + (y * width + window.x.lowerBound) * 3, count: line)
    }
  }
}
