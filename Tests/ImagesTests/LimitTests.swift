import Images
import Testing

@Suite("Limits hold before memory is asked for")
struct LimitTests {
  private func failure(_ bytes: [UInt8], _ limits: ImageLimits = ImageLimits()) -> ImageError? {
    do throws(ImageError) {
      _ = try ImageDecoder(limits: limits).decode(bytes.span.bytes)
      return nil
    } catch {
      return error
    }
  }

  /// A real JPEG whose frame header announces other sides.
  private func jpeg(width: Int, height: Int) throws -> [UInt8] {
    try resized("odd.jpg", marker: 0xC0, width: width, height: height)
  }

  private func resized(
    _ file: String, marker: UInt8, width: Int, height: Int
  ) throws -> [UInt8] {
    var bytes = try Golden.bytes(of: file)
    let frame = try #require(
      (2..<bytes.count - 9).first { bytes[$0] == 0xFF && bytes[$0 + 1] == marker })
    bytes[frame + 5] = UInt8(height >> 8)
    bytes[frame + 6] = UInt8(height & 255)
    bytes[frame + 7] = UInt8(width >> 8)
    bytes[frame + 8] = UInt8(width & 255)
    return bytes
  }

  private func png(width: UInt32, height: UInt32) throws -> [UInt8] {
    var bytes = try Golden.bytes(of: "rgb-8.png")
    for i in 0..<4 {
      bytes[16 + i] = UInt8(truncatingIfNeeded: width >> UInt32(24 - 8 * i))
      bytes[20 + i] = UInt8(truncatingIfNeeded: height >> UInt32(24 - 8 * i))
    }
    PNGSums.repair(&bytes)
    return bytes
  }

  @Test func jpegBombs() throws {
    for (width, height) in [(65_535, 65_535), (65_500, 65_500), (40_000, 2_000)] {
      let error = failure(try jpeg(width: width, height: height))
      #expect(error?.reason == .tooLarge)
      #expect(error?.message.contains("\(width) x \(height)") == true)
      #expect(error?.message.contains("67108864 pixels (maximumPixels)") == true)
    }
    #expect(failure(try jpeg(width: 0, height: 9))?.reason == .corrupt)
    // libjpeg ends at 65,500 pixels and says so.
    let long = failure(try jpeg(width: 65_535, height: 1))
    #expect(long?.reason == .tooLarge && long?.message.contains("65500") == true)
  }

  @Test func pngBombs() throws {
    for (width, height): (UInt32, UInt32) in [
      (65_535, 65_535), (1 << 30, 1 << 30), (1 << 20, 1), (0x7FFF_FFFF, 1),
    ] {
      let error = failure(try png(width: width, height: height))
      #expect(error?.reason == .tooLarge)
      #expect(error?.message.contains("\(width) x \(height)") == true)
    }
    let wide = failure(try png(width: 70_000, height: 1))
    #expect(wide?.message == "70000 x 1 pixels; a side may have 65535 (maximumSide)")
    #expect(failure(try png(width: 0, height: 4))?.reason == .corrupt)
    #expect(failure(try png(width: .max, height: 4))?.reason == .corrupt)
  }

  @Test func pixelsAndSidesAndBytes() throws {
    let bytes = try Golden.bytes(of: "rgb-420.jpg")  // 90 x 61
    var limits = ImageLimits()
    limits.maximumPixels = 90 * 61
    #expect(failure(bytes, limits) == nil)
    limits.maximumPixels -= 1
    #expect(failure(bytes, limits)?.reason == .tooLarge)
    limits = ImageLimits()
    limits.maximumSide = 89
    #expect(failure(bytes, limits)?.reason == .tooLarge)
    #expect(failure(bytes, limits)?.message.contains("89 (maximumSide)") == true)
    limits = ImageLimits()
    limits.maximumBytes = bytes.count - 1
    #expect(failure(bytes, limits)?.reason == .tooLarge)
  }

  @Test func scans() throws {
    let bytes = try Golden.bytes(of: "progressive.jpg")
    var limits = ImageLimits()
    limits.maximumScans = 3
    let error = failure(bytes, limits)
    #expect(error?.reason == .tooLarge)
    #expect(error?.message.contains("more than 3 scans (maximumScans)") == true)
    limits.maximumScans = 10
    #expect(failure(bytes, limits) == nil)
  }

  @Test func codecMemory() throws {
    var limits = ImageLimits()
    limits.maximumCodecMemory = 10_000
    for file in ["progressive-tall.jpg", "rgb-8.png"] {
      let error = failure(try Golden.bytes(of: file), limits)
      #expect(error?.reason == .tooLarge)
      #expect(error?.message.contains("10000 bytes") == true)
      #expect(error?.message.contains("(maximumCodecMemory)") == true)
    }
  }

  @Test(arguments: ["rgb-420.jpg", "progressive.jpg", "cmyk.jpg", "rgb-8.png"])
  func time(_ file: String) throws {
    var limits = ImageLimits()
    limits.maximumSeconds = 0
    let error = failure(try Golden.bytes(of: file), limits)
    #expect(error?.reason == .tooLarge)
    #expect(error?.message.contains("0 seconds (maximumSeconds)") == true)
  }

  /// 64 megapixels without chroma subsampling would need 384 MiB for a progressive image.
  @Test func memoryIsBoundedByDefault() throws {
    var bytes = try resized("progressive.jpg", marker: 0xC2, width: 8000, height: 8000)
    let frame = try #require(
      (2..<bytes.count - 1).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC2 })
    bytes[frame + 11] = 0x11
    let error = failure(bytes)
    #expect(error?.reason == .tooLarge)
    #expect(error?.message.contains("268435456 bytes") == true)
  }

  /// Whatever is allowed, the bytes of the pixels can be counted.
  @Test func noLimitOverflows() throws {
    var limits = ImageLimits()
    limits.maximumPixels = .max
    limits.maximumSide = .max
    let bytes = try png(width: 0x7FFF_FFFF, height: 0x7FFF_FFFF)
    #expect(failure(bytes, limits)?.reason == .tooLarge)
  }

  /// Text, profiles and private chunks are not even unpacked.
  @Test func ancillaryChunksCostNothing() throws {
    let image = try Golden.bytes(of: "rgb-8.png")
    var limits = ImageLimits()
    limits.maximumCodecMemory = 300_000
    let big = PNGSums.chunk("prVt", Array(repeating: 65, count: 2 << 20))
    let many = Array(repeating: PNGSums.chunk("tEXt", Array("a\0b".utf8)), count: 100_000)
    for extra in [big, Array(many.joined())] {
      var bytes = image
      bytes.insert(contentsOf: extra, at: 33)
      #expect(failure(bytes, limits) == nil)
    }
  }
}
