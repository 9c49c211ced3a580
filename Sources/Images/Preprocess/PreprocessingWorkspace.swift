/// The memory of one worker that preprocesses image after image.
///
/// Buffers grow to the largest image seen and stay, weights of the resampling are kept: nothing is
/// allocated per image but by the codecs. Not for two workers at a time.
package final class PreprocessingWorkspace {
  package let preprocessing: Preprocessing
  package let decoder: ImageDecoder
  private let resampler: Resampler
  private let axes = ResampleCache()
  private let conversion: PlaneConversion
  private let decoded = ScratchBuffer<UInt8>()
  private let turned = ScratchBuffer<UInt8>()
  private let middle = ScratchBuffer<UInt8>()
  private let window = ScratchBuffer<UInt8>()
  private let cropped = ScratchBuffer<UInt8>()
  /// Time spent resampling and cropping since the beginning; the rest is decoding.
  package private(set) var resizing = Duration.zero

  package init(_ preprocessing: Preprocessing, limits: ImageLimits = ImageLimits()) {
    self.preprocessing = preprocessing
    decoder = preprocessing.decoder(limits: limits)
    resampler = Resampler(preprocessing.interpolation)
    conversion = PlaneConversion(preprocessing.normalization)
  }

  /// Decodes, resizes, crops and normalises to `planes`: `[3, crop, crop]`, red first.
  /// - Returns: what the header said, and what was bent.
  package func normalize(
    _ bytes: RawSpan, into planes: UnsafeMutableBufferPointer<Float>
  ) throws(ImageError) -> ImageHeader {
    let count = preprocessing.count
    precondition(planes.count == count, "\(planes.count) floats for \(count)")
    let pixels = cropped.reserve(count)
    let header = try crop(bytes, into: pixels)
    conversion.run(UnsafeBufferPointer(pixels), into: planes)
    return header
  }

  /// Decodes, resizes and crops to `pixels`: `[crop, crop, 3]`.
  /// - Returns: what the header said, and what was bent.
  package func crop(
    _ bytes: RawSpan, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(ImageError) -> ImageHeader {
    let count = preprocessing.count
    precondition(pixels.count == count, "\(pixels.count) bytes for \(count)")
    var header = try decoder.header(of: bytes)
    let stored = decoded.reserve(header.byteCount)
    guard preprocessing.turns(header.orientation) else {
      preprocessing.noteOrientation(&header)
      let cut = Cut(preprocessing, header.width, header.height, resampler, axes)
      try decoder.decode(bytes, &header, rows: cut.resampling.neededRows, into: stored)
      crop(UnsafeBufferPointer(stored), cut, into: pixels)
      return header
    }
    try decoder.decode(bytes, &header, into: stored)
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
    crop(image, Cut(preprocessing, width, height, resampler, axes), into: pixels)
  }

  private func crop(
    _ image: UnsafeBufferPointer<UInt8>, _ cut: Cut,
    into pixels: UnsafeMutableBufferPointer<UInt8>
  ) {
    let start = ContinuousClock.now
    defer { resizing += ContinuousClock.now - start }
    let (x, y) = (cut.geometry.x.window, cut.geometry.y.window)
    let isWhole = cut.geometry.covers(preprocessing.crop)
    let target = isWhole ? pixels : window.reserve(x.count * y.count * 3)
    cut.resampling.run(image, scratch: middle, into: target)
    if !isWhole {
      preprocessing.place(UnsafeBufferPointer(target), cut.geometry, into: pixels)
    }
  }

  /// What is cut out of an image of one size, and how.
  private struct Cut {
    let geometry: CropGeometry
    let resampling: Resampling

    init(
      _ preprocessing: Preprocessing, _ width: Int, _ height: Int, _ resampler: Resampler,
      _ axes: ResampleCache
    ) {
      geometry = preprocessing.geometry(width: width, height: height)
      resampling = Resampling(
        width: width, height: height, to: (geometry.width, geometry.height),
        window: (geometry.x.window, geometry.y.window), resampler, axes)
    }
  }
}
