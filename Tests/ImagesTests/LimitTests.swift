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
    var bytes = try Golden.bytes(of: "odd.jpg")
    let frame = try #require(
      (2..<bytes.count - 9).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
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
      let clock = ContinuousClock()
      let bytes = try jpeg(width: width, height: height)
      let elapsed = clock.measure {
        #expect(failure(bytes)?.reason == .tooLarge, "\(width) x \(height)")
      }
      #expect(elapsed < .milliseconds(100))
    }
    #expect(failure(try jpeg(width: 0, height: 9))?.reason == .corrupt)
  }

  @Test func pngBombs() throws {
    for (width, height): (UInt32, UInt32) in [
      (65_535, 65_535), (1 << 30, 1 << 30), (1 << 20, 1), (0x7FFF_FFFF, 1),
    ] {
      #expect(failure(try png(width: width, height: height))?.reason == .tooLarge)
    }
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
    #expect(error?.message.contains("scans") == true)
    limits.maximumScans = 10
    #expect(failure(bytes, limits) == nil)
  }

  @Test func codecMemory() throws {
    var limits = ImageLimits()
    limits.maximumCodecMemory = 10_000
    #expect(failure(try Golden.bytes(of: "progressive-tall.jpg"), limits)?.reason == .tooLarge)
    #expect(failure(try Golden.bytes(of: "rgb-8.png"), limits)?.reason == .tooLarge)
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
