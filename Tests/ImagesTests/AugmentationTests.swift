import Images
import Testing

@Suite("Variations of training pictures")
struct AugmentationTests {
  /// Values are bytes as they are: mean 0, deviation 1/255.
  private func augmenter(_ side: Int, _ plan: Augmentation = Augmentation()) -> Augmenter {
    let bytes = Normalization(
      mean: [0, 0, 0], standardDeviation: [Double](repeating: 1.0 / 255, count: 3))
    return Augmenter(plan, for: Preprocessing(resize: side, crop: side, normalization: bytes))
  }

  private func run(
    _ augmenter: Augmenter, _ image: RGBImage, _ variation: PictureVariation
  ) -> [Float] {
    var planes = [Float](repeating: .nan, count: 3 * augmenter.side * augmenter.side)
    planes.withUnsafeMutableBufferPointer { planes in
      image.pixels.withUnsafeBufferPointer {
        augmenter.apply(variation, to: $0, width: image.width, height: image.height, into: planes)
      }
    }
    return planes
  }

  private func run(
    _ augmenter: Augmenter, _ image: RGBImage, seed: UInt64 = 1, epoch: Int = 1, image index: Int
  ) -> [Float] {
    var planes = [Float](repeating: .nan, count: 3 * augmenter.side * augmenter.side)
    planes.withUnsafeMutableBufferPointer { planes in
      image.pixels.withUnsafeBufferPointer {
        augmenter.run(
          $0, width: image.width, height: image.height, seed: seed, epoch: epoch, image: index,
          into: planes)
      }
    }
    return planes
  }

  /// Red holds the column, green the row, blue their mixture.
  private func marked(_ width: Int, _ height: Int) -> RGBImage {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width { pixels += [UInt8(4 * x), UInt8(4 * y), UInt8(2 * x + y)] }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  private func still(
    _ part: (left: Double, top: Double, width: Double, height: Double), _ side: Int,
    mirrored: Bool = false, turn: Double = 0
  ) -> PictureVariation {
    var random = AugmentationStream(seed: 1, epoch: 1, image: 1)
    var variation = PictureVariation(.none, width: 1, height: 1, side: side, random: &random)
    variation.place = AffineMap(part: part, side: side, mirrored: mirrored, turn: turn)
    return variation
  }

  @Test func aWholePictureIsItself() {
    let image = marked(12, 12)
    let planes = run(augmenter(12), image, still((0, 0, 12, 12), 12))
    for pixel in 0..<144 {
      for channel in 0..<3 {
        #expect(
          abs(planes[channel * 144 + pixel] - Float(image.pixels[3 * pixel + channel])) < 1e-3)
      }
    }
  }

  @Test func mirroredAndTurnedPixelsComeFromWhereTheyShould() {
    let image = marked(8, 8)
    let mirrored = run(augmenter(8), image, still((0, 0, 8, 8), 8, mirrored: true))
    let turned = run(augmenter(8), image, still((0, 0, 8, 8), 8, turn: 90))
    for y in 0..<8 {
      for x in 0..<8 {
        #expect(abs(mirrored[8 * y + x] - Float(4 * (7 - x))) < 1e-3)
        // Clockwise: the top row that comes out was the left column, its foot first.
        #expect(abs(turned[8 * y + x] - Float(4 * y)) < 1e-3)
        #expect(abs(turned[64 + 8 * y + x] - Float(4 * (7 - x))) < 1e-3)
      }
    }
  }

  /// A linear picture stays linear under any affine map, so every pixel is known.
  @Test func anyMapOfALinearPictureIsKnown() {
    let image = marked(40, 30)
    let variation = still((6.5, 5.25, 25, 18), 16, mirrored: true, turn: -7)
    let planes = run(augmenter(16), image, variation)
    for y in 0..<16 {
      for x in 0..<16 {
        let source = variation.place(Double(x) + 0.5, Double(y) + 0.5)
        #expect(abs(Double(planes[16 * y + x]) - 4 * (source.x - 0.5)) < 0.01)
        #expect(abs(Double(planes[256 + 16 * y + x]) - 4 * (source.y - 0.5)) < 0.01)
      }
    }
  }

  @Test func edgesGoOnBeyondThePicture() {
    let planes = run(augmenter(6), marked(4, 4), still((-100, -100, 300, 300), 6))
    #expect(planes[0] == 0 && planes[36 + 0] == 0)
    #expect(planes[35] == 12 && planes[36 + 35] == 12)
    let single = run(augmenter(5), marked(1, 1), still((0, 0, 1, 1), 5, turn: 30))
    #expect(single.allSatisfy { $0 == 0 })
  }

  @Test func coloursFollowTheMatrixAndAreClamped() {
    let (brightness, contrast, saturation) = (1.3, 0.8, 1.6)
    let matrix = ColorMatrix(brightness: brightness, contrast: contrast, saturation: saturation)
    let image = RGBImage.noise(9, 9, seed: 3)
    var variation = still((0, 0, 9, 9), 9)
    variation.color = matrix
    let planes = run(augmenter(9), image, variation)
    for pixel in 0..<81 {
      let color = (0..<3).map { Double(image.pixels[3 * pixel + $0]) }
      let lit = color.map { ($0 * brightness - 127.5) * contrast + 127.5 }
      let grey = 0.299 * lit[0] + 0.587 * lit[1] + 0.114 * lit[2]
      for channel in 0..<3 {
        let direct = grey + saturation * (lit[channel] - grey)
        #expect(abs(matrix(color)[channel] - direct) < 1e-9)
        #expect(abs(Double(planes[channel * 81 + pixel]) - min(max(direct, 0), 255)) < 0.01)
      }
    }
    #expect(ColorMatrix(brightness: 1, contrast: 1, saturation: 1) == .identity)
  }

  @Test func whatIsHiddenIsTheMeanColour() {
    var variation = still((0, 0, 8, 8), 8)
    variation.hidden = PictureVariation.Rectangle(x: 2..<5, y: 6..<8)
    let plan = Augmenter(Augmentation(), for: Preprocessing(resize: 8, crop: 8))
    let planes = run(plan, RGBImage.noise(8, 8, seed: 2), variation)
    for index in planes.indices {
      let (y, x) = (index % 64 / 8, index % 8)
      if (6..<8).contains(y) && (2..<5).contains(x) { #expect(planes[index] == 0) }
    }
    #expect(planes.filter { $0 == 0 }.count == 18)
  }

  @Test func withoutAugmentationTheBitsAreThoseOfPreprocessing() {
    let image = RGBImage.noise(24, 24, seed: 8)
    let planes = run(
      Augmenter(.none, for: Preprocessing(resize: 24, crop: 24)), image, image: 3)
    var direct = [Float](repeating: 0, count: planes.count)
    direct.withUnsafeMutableBufferPointer { direct in
      image.pixels.withUnsafeBufferPointer { PlaneConversion(.imageNet).run($0, into: direct) }
    }
    #expect(planes.map(\.bitPattern) == direct.map(\.bitPattern))
    #expect(Augmentation.none.isNone && !Augmentation().isNone)
  }

  @Test func aPictureDependsOnSeedEpochAndImageAlone() {
    let (augmenter, image) = (augmenter(16), RGBImage.noise(20, 18, seed: 4))
    let first = run(augmenter, image, seed: 5, epoch: 2, image: 7)
    #expect(first == run(augmenter, image, seed: 5, epoch: 2, image: 7))
    for other in [(6, 2, 7), (5, 3, 7), (5, 2, 8)] {
      #expect(
        first != run(augmenter, image, seed: UInt64(other.0), epoch: other.1, image: other.2))
    }
  }

  @Test func drawsKeepToTheirRanges() {
    var plan = Augmentation()
    (plan.rotation, plan.flip, plan.erase) = (0, 0, 1)
    var areas: [Double] = []
    for image in 0..<400 {
      var random = AugmentationStream(seed: 9, epoch: 0, image: image)
      let variation = PictureVariation(plan, width: 60, height: 40, side: 32, random: &random)
      let (low, high) = (variation.place(0, 0), variation.place(32, 32))
      #expect(low.x > -1e-4 && low.y > -1e-4 && high.x < 60.001 && high.y < 40.001)
      let (width, height) = (high.x - low.x, high.y - low.y)
      areas.append(width * height / 2400)
      if areas.last != 1 { #expect((0.79...1.26).contains(width / height)) }
      let hidden = variation.hidden.map { Double($0.x.count * $0.y.count) / 1024 } ?? 0
      #expect(hidden > 0.01 && hidden < 0.25)
    }
    #expect(areas.allSatisfy { $0 > 0.59 && $0 < 1.01 })
    #expect((areas.min() ?? 1) < 0.65 && (areas.max() ?? 0) > 0.75)
  }
}
