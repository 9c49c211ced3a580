import CKernels

/// Makes training pictures out of pictures in memory: crop, stretch, mirror and turn in one bilinear
/// pass, colours and normalisation in the same, no picture in between.
///
/// One pass does not smooth: pictures should be at most about one and a half times as large as what
/// is made of them.
package struct Augmenter: Sendable {
  package let augmentation: Augmentation
  /// Width and height of what comes out.
  package let side: Int
  private let normalization: Normalization
  private let conversion: PlaneConversion

  package init(_ augmentation: Augmentation, for preprocessing: Preprocessing) {
    self.augmentation = augmentation
    side = preprocessing.crop
    normalization = preprocessing.normalization
    conversion = PlaneConversion(preprocessing.normalization)
  }

  /// Writes the variation of a picture that (seed, epoch, image) stand for to `planes`,
  /// `[3, side, side]`.
  ///
  /// Without augmentation the picture must be of the output's size, and the planes are bit for bit
  /// those of `Preprocessing`.
  /// Complexity: O(side²).
  package func run(
    _ pixels: UnsafeBufferPointer<UInt8>, width: Int, height: Int, seed: UInt64, epoch: Int,
    image: Int, into planes: UnsafeMutableBufferPointer<Float>
  ) {
    guard !augmentation.isNone else {
      precondition(width == side && height == side, "\(width) x \(height) pixels for \(side)")
      return conversion.run(pixels, into: planes)
    }
    var random = AugmentationStream(seed: seed, epoch: epoch, image: image)
    let variation = PictureVariation(
      augmentation, width: width, height: height, side: side, random: &random)
    apply(variation, to: pixels, width: width, height: height, into: planes)
  }

  /// Writes one variation. What is hidden becomes 0, the mean colour.
  package func apply(
    _ variation: PictureVariation, to pixels: UnsafeBufferPointer<UInt8>, width: Int, height: Int,
    into planes: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      (1...32_767).contains(width) && (1...32_767).contains(height)
        && width * height <= Int(Int32.max) / 4 && pixels.count >= width * height * 3
        && planes.count >= 3 * side * side,
      "\(pixels.count) bytes of \(width) x \(height) pixels for \(planes.count) floats")
    var warp = warp(variation)
    warp_rgb_planes(
      pixels.baseAddress, Int32(width), Int32(height), &warp, Int32(side), planes.baseAddress)
    guard let hidden = variation.hidden else { return }
    for channel in 0..<3 {
      for y in hidden.y {
        let row = (channel * side + y) * side
        planes[row + hidden.x.lowerBound..<row + hidden.x.upperBound].update(repeating: 0)
      }
    }
  }

  private func warp(_ variation: PictureVariation) -> picture_warp {
    var warp = picture_warp()
    let place = variation.place
    warp.place = (
      Float(place.a), Float(place.b), Float(place.c), Float(place.d), Float(place.e),
      Float(place.f)
    )
    let m = variation.color.rows.map { Float($0) }
    warp.color = (
      m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8], m[9], m[10], m[11]
    )
    let deviation = normalization.standardDeviation
    let scale = deviation.map { Float(1 / (255 * $0)) }
    let shift = zip(normalization.mean, deviation).map { Float(-$0 / $1) }
    warp.scale = (scale[0], scale[1], scale[2])
    warp.shift = (shift[0], shift[1], shift[2])
    return warp
  }
}
