extension Preprocessing {
  /// The image at a station of its way. For looking at images: a pipeline uses a
  /// `PreprocessingWorkspace`, which gives the same bits without building the stations between.
  /// - Throws: `ImageError` where the bytes are no image or exceed the limits; a `resized` image is
  ///   held to the limits too.
  package func apply(
    to bytes: RawSpan, through stage: PreprocessingStage, limits: ImageLimits = ImageLimits()
  ) throws(ImageError) -> PreprocessingResult {
    try examine(bytes, through: stage, limits: limits).result
  }

  /// The image at a station of its way, and what its header said and what was bent.
  /// - Throws: as `apply`.
  package func examine(
    _ bytes: RawSpan, through stage: PreprocessingStage, limits: ImageLimits = ImageLimits()
  ) throws(ImageError) -> (result: PreprocessingResult, header: ImageHeader) {
    let decoder = decoder(limits: limits)
    var header = try decoder.header(of: bytes)
    var image = try decoder.decode(bytes, &header)
    if turns(header.orientation) {
      image = image.oriented(header.orientation)
    } else {
      noteOrientation(&header)
    }
    switch stage {
    case .decoded: return (.pixels(image), header)
    case .resized: return (.pixels(try resized(image, limits)), header)
    case .cropped: return (.pixels(cropped(image)), header)
    case .normalized: return (.planes(normalized(cropped(image)), side: crop), header)
    }
  }

  /// Whether an image must be turned.
  func turns(_ announced: Orientation) -> Bool {
    orientation == .apply && announced != .up
  }

  func noteOrientation(_ header: inout ImageHeader) {
    if orientation == .ignore && header.orientation != .up {
      header.notes.insert(.orientationIgnored)
    }
  }

  private func resized(_ image: RGBImage, _ limits: ImageLimits) throws(ImageError) -> RGBImage {
    let geometry = geometry(width: image.width, height: image.height)
    var unbounded = limits
    unbounded.maximumSide = .max
    try unbounded.check(width: geometry.width, height: geometry.height)
    return Resampler(interpolation).resize(
      image, width: geometry.width, height: geometry.height)
  }

  private func cropped(_ image: RGBImage) -> RGBImage {
    let workspace = PreprocessingWorkspace(self)
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { output, filled in
      image.pixels.withUnsafeBufferPointer { input in
        workspace.crop(
          input, image.width, image.height,
          into: UnsafeMutableBufferPointer(rebasing: output[..<count]))
      }
      filled = count
    }
    return RGBImage(width: crop, height: crop, pixels: pixels)
  }

  private func normalized(_ image: RGBImage) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { planes, filled in
      image.pixels.withUnsafeBufferPointer { pixels in
        PlaneConversion(normalization).run(pixels, into: planes)
      }
      filled = count
    }
  }

  /// Places a window that is smaller than the crop, and fills the rest.
  func place(
    _ window: UnsafeBufferPointer<UInt8>, _ geometry: CropGeometry,
    into pixels: UnsafeMutableBufferPointer<UInt8>
  ) {
    let fill = fill
    for i in pixels.indices { pixels[i] = fill[i % 3] }
    let line = geometry.x.window.count * 3
    for row in 0..<geometry.y.window.count {
      let target = ((geometry.y.offset + row) * crop + geometry.x.offset) * 3
      let source = UnsafeBufferPointer(rebasing: window[row * line..<(row + 1) * line])
      _ = UnsafeMutableBufferPointer(rebasing: pixels[target..<target + line])
        .update(fromContentsOf: source)
    }
  }
}
