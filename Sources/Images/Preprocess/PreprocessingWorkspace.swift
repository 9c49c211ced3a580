/// The memory of one worker that preprocesses image after image.
///
/// Buffers grow to the largest image seen and stay; nothing is allocated per image but the weights
/// of the resampling. Not for two workers at a time.
package final class PreprocessingWorkspace {
  package let preprocessing: Preprocessing
  package let decoder: ImageDecoder
  private let resampler: Resampler
  private let table: [Float]
  private let decoded = ScratchBuffer<UInt8>()
  private let turned = ScratchBuffer<UInt8>()
  private let middle = ScratchBuffer<UInt8>()
  private let window = ScratchBuffer<UInt8>()
  private let cropped = ScratchBuffer<UInt8>()

  package init(_ preprocessing: Preprocessing, limits: ImageLimits = ImageLimits()) {
    self.preprocessing = preprocessing
    decoder = ImageDecoder(limits: limits)
    resampler = Resampler(preprocessing.interpolation)
    table = preprocessing.normalization.table
  }

  /// Decodes, resizes, crops and normalises to `planes`: `[3, crop, crop]`, red first.
  /// - Returns: what the header said.
  package func normalize(
    _ bytes: RawSpan, into planes: UnsafeMutableBufferPointer<Float>
  ) throws(ImageError) -> ImageHeader {
    let count = preprocessing.count
    precondition(planes.count == count, "\(planes.count) floats for \(count)")
    let pixels = cropped.reserve(count)
    let header = try crop(bytes, into: pixels)
    Self.normalize(UnsafeBufferPointer(pixels), table, into: planes)
    return header
  }

  /// Decodes, resizes and crops to `pixels`: `[crop, crop, 3]`.
  /// - Returns: what the header said.
  package func crop(
    _ bytes: RawSpan, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(ImageError) -> ImageHeader {
    let count = preprocessing.count
    precondition(pixels.count == count, "\(pixels.count) bytes for \(count)")
    let header = try decoder.header(of: bytes)
    let stored = decoded.reserve(header.byteCount)
    try decoder.decode(bytes, header, into: stored)
    guard preprocessing.orientation == .apply, header.orientation != .up else {
      crop(UnsafeBufferPointer(stored), header.width, header.height, into: pixels)
      return header
    }
    let upright = turned.reserve(header.byteCount)
    header.orientation.apply(
      to: UnsafeBufferPointer(stored), width: header.width, height: header.height, into: upright)
    let swaps = header.orientation.swapsSides
    crop(
      UnsafeBufferPointer(upright), swaps ? header.height : header.width,
      swaps ? header.width : header.height, into: pixels)
    return header
  }

  /// Resizes the part of the image that the crop shows, and no more of it.
  func crop(
    _ image: UnsafeBufferPointer<UInt8>, _ width: Int, _ height: Int,
    into pixels: UnsafeMutableBufferPointer<UInt8>
  ) {
    let geometry = preprocessing.geometry(width: width, height: height)
    let isWhole = geometry.covers(preprocessing.crop)
    let size = geometry.x.window.count * geometry.y.window.count * 3
    let target = isWhole ? pixels : window.reserve(size)
    resampler.resize(
      image, width: width, height: height, to: (geometry.width, geometry.height),
      window: (geometry.x.window, geometry.y.window), scratch: middle, into: target)
    if !isWhole {
      preprocessing.place(UnsafeBufferPointer(target), geometry, into: pixels)
    }
  }
}
