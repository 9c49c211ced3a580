import Images
import Testing

@Suite("Resampling agrees with Pillow, bit for bit")
struct ResamplingTests {
  @Test func goldens() {
    for golden in Golden.all.resamples {
      let (width, height) = (golden.input[0], golden.input[1])
      let image = RGBImage.noise(width, height, seed: UInt32(width * 1000 + height))
      let out = Resampler(golden.kernel).resize(
        image, width: golden.output[0], height: golden.output[1])
      #expect(
        sha256(out.pixels) == golden.sha256,
        "\(golden.kernel) \(golden.input) to \(golden.output)")
    }
  }

  @Test(arguments: Interpolation.allCases)
  func plainLoops(_ kernel: Interpolation) {
    for (width, height, toWidth, toHeight) in [
      (1, 1, 3, 2), (7, 5, 7, 5), (7, 5, 13, 3), (50, 31, 8, 60), (33, 2, 1, 1), (19, 41, 20, 40),
      (9, 80, 12, 7), (30, 80, 28, 75), (30, 80, 28, 76),
    ] {
      let image = RGBImage.noise(width, height, seed: 99)
      let fast = Resampler(kernel).resize(image, width: toWidth, height: toHeight)
      let plain = PlainResampler(kernel: kernel).resize(image, toWidth, toHeight)
      #expect(
        fast.summary == plain.summary, "\(kernel) \(width) x \(height) to \(toWidth) x \(toHeight)")
    }
  }

  /// Whatever the instructions, the bits are the same.
  @Test(arguments: Interpolation.allCases, ResamplePath.allCases.filter(\.isAvailable))
  func paths(_ kernel: Interpolation, _ path: ResamplePath) {
    for (width, height, toWidth, toHeight) in [
      (1, 1, 3, 2), (1, 9, 4, 5), (2, 4, 9, 4), (7, 5, 13, 3), (5, 4, 3, 4), (50, 31, 8, 60),
      (33, 2, 1, 1), (300, 45, 256, 38), (64, 7, 640, 9), (900, 6, 11, 5), (5000, 5, 3, 4),
      (20000, 4, 2, 4), (30, 80, 28, 75), (4, 4, 4, 9),
    ] {
      let image = RGBImage.noise(width, height, seed: 11)
      let other = Resampler(kernel, path: path).resize(image, width: toWidth, height: toHeight)
      let portable = Resampler(kernel, path: .portable)
        .resize(image, width: toWidth, height: toHeight)
      #expect(other == portable, "\(width) x \(height) to \(toWidth) x \(toHeight)")
    }
  }

  /// Sharp edges drive the sums of the cubic beyond white and black.
  @Test(arguments: ResamplePath.allCases.filter(\.isAvailable))
  func overshootIsClipped(_ path: ResamplePath) {
    let image = RGBImage(
      width: 40, height: 8, pixels: (0..<960).map { $0 / 3 / 3 % 2 == 0 ? 0 : 255 })
    for width in [7, 33, 100, 333] {
      let other = Resampler(.bicubic, path: path).resize(image, width: width, height: 8)
      let plain = PlainResampler(kernel: .bicubic).resize(image, width, 8)
      #expect(other.summary == plain.summary, "\(width)")
    }
  }

  @Test func sameSizeCopies() {
    let image = RGBImage.noise(31, 17, seed: 5)
    for kernel in Interpolation.allCases {
      #expect(Resampler(kernel).resize(image, width: 31, height: 17) == image)
    }
  }

  @Test func aFlatImageStaysFlat() {
    let image = RGBImage(width: 40, height: 30, pixels: Array(repeating: 201, count: 3600))
    for kernel in Interpolation.allCases {
      for side in [1, 7, 64] {
        let out = Resampler(kernel).resize(image, width: side, height: side)
        #expect(out.pixels.allSatisfy { $0 == 201 }, "\(kernel) \(side)")
      }
    }
  }
}

/// Pillow's arithmetic without the engine's structure: every value computes its own weights.
private struct PlainResampler {
  let kernel: Interpolation

  func resize(_ image: RGBImage, _ width: Int, _ height: Int) -> RGBImage {
    let lost = image.height - height
    if lost > 0 && lost > 2 * (image.width - width) {
      return wide(tall(image, height), width)
    }
    return tall(wide(image, width), height)
  }

  private func wide(_ image: RGBImage, _ width: Int) -> RGBImage {
    var pixels: [UInt8] = []
    for y in 0..<image.height {
      for x in 0..<width {
        for channel in 0..<3 {
          let at = { image.pixels[(y * image.width + $0) * 3 + channel] }
          pixels.append(sum(x, of: width, from: image.width, at))
        }
      }
    }
    return RGBImage(width: width, height: image.height, pixels: pixels)
  }

  private func tall(_ image: RGBImage, _ height: Int) -> RGBImage {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<image.width * 3 {
        let at = { image.pixels[$0 * image.width * 3 + x] }
        pixels.append(sum(y, of: height, from: image.height, at))
      }
    }
    return RGBImage(width: image.width, height: height, pixels: pixels)
  }

  private func sum(_ position: Int, of output: Int, from input: Int, _ at: (Int) -> UInt8) -> UInt8
  {
    let scale = Double(input) / Double(output)
    let wide = max(scale, 1)
    let support = (kernel == .bilinear ? 1.0 : 2.0) * wide
    let center = (Double(position) + 0.5) * scale
    let range = max(0, Int(center - support + 0.5))..<min(input, Int(center + support + 0.5))
    let weights = range.map { weight((Double($0) - center + 0.5) * (1 / wide)) }
    let total = weights.reduce(0, +)
    var sum = 1 << 21
    for (index, weight) in zip(range, weights) {
      let fixed = weight / total * 4_194_304
      sum += Int(at(index)) * Int(fixed < 0 ? fixed - 0.5 : fixed + 0.5)
    }
    return UInt8(min(max(sum >> 22, 0), 255))
  }

  private func weight(_ distance: Double) -> Double {
    let x = abs(distance)
    if kernel == .bilinear { return max(1 - x, 0) }
    if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0
  }
}
