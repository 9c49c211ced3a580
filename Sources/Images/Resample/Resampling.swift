import CKernels

/// How to make a window of a resized image out of an image of one size.
struct Resampling {
  /// Size of the input.
  let width: Int
  let height: Int
  /// The window, of the resized image.
  let x: Range<Int>
  let y: Range<Int>
  private let columns: ResampleAxis?
  private let rows: ResampleAxis?
  private let startsWithColumns: Bool
  private let path: resample_path

  init(
    width: Int, height: Int, to size: (width: Int, height: Int),
    window: (x: Range<Int>, y: Range<Int>), _ resampler: Resampler, _ cache: ResampleCache
  ) {
    self.width = width
    self.height = height
    (x, y) = window
    path = resampler.path.kernel
    startsWithColumns = Self.startsWithColumns(from: (width, height), to: size)
    guard size != (width, height) else {
      (columns, rows) = (nil, nil)
      return
    }
    columns = cache.axis(
      from: width, to: size.width, window: x, interpolation: resampler.interpolation)
    rows = cache.axis(
      from: height, to: size.height, window: y, interpolation: resampler.interpolation)
  }

  /// The rows of the input that are looked at.
  var neededRows: Range<Int> { rows?.span ?? y }

  /// Writes the window to `output` without gaps.
  func run(
    _ input: UnsafeBufferPointer<UInt8>, scratch: ScratchBuffer<UInt8>,
    into output: UnsafeMutableBufferPointer<UInt8>
  ) {
    precondition(
      input.count >= width * height * 3 && output.count >= x.count * y.count * 3,
      "\(input.count) bytes for \(width) x \(height), \(output.count) for \(x) x \(y)")
    guard let source = input.baseAddress, let target = output.baseAddress else { return }
    guard let columns, let rows else { return copy(source, to: target) }
    let stride = width * 3
    let top = source + rows.span.lowerBound * stride
    if startsWithColumns {
      let needed = columns.span
      guard let middle = scratch.reserve(needed.count * y.count * 3).baseAddress else { return }
      rows.withKernel(origin: rows.span.lowerBound) {
        resample_rgb_columns(
          top + needed.lowerBound * 3, stride, Int32(needed.count * 3), $0, middle)
      }
      columns.withKernel(origin: needed.lowerBound) {
        resample_rgb_rows(middle, Int32(needed.count), Int32(y.count), $0, path, target)
      }
    } else {
      let needed = rows.span.count
      guard let middle = scratch.reserve(needed * x.count * 3).baseAddress else { return }
      columns.withKernel {
        resample_rgb_rows(top, Int32(width), Int32(needed), $0, path, middle)
      }
      rows.withKernel(origin: rows.span.lowerBound) {
        resample_rgb_columns(middle, x.count * 3, Int32(x.count * 3), $0, target)
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

  private func copy(_ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) {
    let line = x.count * 3
    for (row, y) in y.enumerated() {
      (target + row * line).update(from: source + (y * width + x.lowerBound) * 3, count: line)
    }
  }
}
