import Foundation
import Images
import Testing

/// Each in a process of its own, so that the memory that is counted is that of the image.
@Suite("Bombs are answered within the limits, memory included")
struct BombTests {
  private static let megabyte = 1 << 20

  /// Preprocesses strictly and leniently; ends the process where the answer is not the expected one
  /// or costs more than `bound` bytes.
  private static func expect(
    _ reason: ImageError.Reason?, _ words: String = "", within bound: Int, _ bytes: [UInt8]
  ) throws {
    for damage in DamagePolicy.allCases {
      let workspace = PreprocessingWorkspace(Preprocessing(damage: damage))
      var pixels = [UInt8](repeating: 1, count: workspace.preprocessing.count)
      var failure: ImageError?
      let growth = try PeakMemory.growth {
        pixels.withUnsafeMutableBufferPointer { pixels in
          do throws(ImageError) {
            _ = try workspace.crop(bytes.span.bytes, into: pixels)
          } catch {
            failure = error
          }
        }
      }
      let isExpected = failure?.reason == reason && failure?.message.contains(words) ?? true
      guard isExpected, growth <= bound else {
        FileHandle.standardError.write(
          Data("\(damage): \(String(describing: failure)), \(growth) bytes\n".utf8))
        exit(1)
      }
      FileHandle.standardError.write(Data("\(damage): \(growth) bytes\n".utf8))
    }
  }

  @Test func onePixel() async {
    await #expect(processExitsWith: .success) {
      for file in ["one-pixel.jpg", "one-pixel.png"] {
        try Self.expect(nil, within: 4 * Self.megabyte, Golden.bytes(of: file))
      }
    }
  }

  @Test func hugeJPEG() async {
    await #expect(processExitsWith: .success) {
      var bytes = try Golden.bytes(of: "odd.jpg")
      let frame = (2..<bytes.count - 9).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 } ?? 0
      for place in 5..<9 { bytes[frame + place] = 0xFF }
      try Self.expect(.tooLarge, "65535 x 65535", within: 4 * Self.megabyte, bytes)
    }
  }

  @Test func hugePNG() async {
    await #expect(processExitsWith: .success) {
      var bytes = try Golden.bytes(of: "rgb-8.png")
      bytes.replaceSubrange(16..<24, with: [0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
      PNGSums.repair(&bytes)
      try Self.expect(.tooLarge, "65535 x 65535", within: 4 * Self.megabyte, bytes)
    }
  }

  /// 60 MB of text and of profile in 380 kB: skipped unread.
  @Test func textAndProfile() async {
    await #expect(processExitsWith: .success) {
      let zeros = Bombs.zeros(60_000_000)
      for (type, head) in [("zTXt", "Comment\0\0"), ("iCCP", "profile\0\0")] {
        let chunk = PNGSums.chunk(type, Array(head.utf8) + zeros)
        let bytes = Bombs.png(try Golden.bytes(of: "rgb-8.png"), with: chunk)
        try Self.expect(nil, within: 4 * Self.megabyte, bytes)
      }
    }
  }

  /// The same zeros as pixels of a small image: what is too much is not unpacked.
  @Test func surplusPixels() async {
    await #expect(processExitsWith: .success) {
      let image = try Golden.bytes(of: "rgb-8.png")
      let data = PNGSums.chunk("IDAT", Bombs.zeros(60_000_000))
      let bytes = Array(image[..<33]) + data + PNGSums.chunk("IEND", [])
      try Self.expect(nil, within: 4 * Self.megabyte, bytes)
    }
  }

  @Test func thousandScans() async {
    await #expect(processExitsWith: .success) {
      // Sixteen million pixels, whose coefficients take 32 MB.
      let bytes = Bombs.scans(1000, side: 4000)
      try Self.expect(.tooLarge, "maximumScans", within: 64 * Self.megabyte, bytes)
    }
  }

  /// The scans of the bomb are legal: so many of them are an image.
  @Test func scansWithinTheLimit() throws {
    let bytes = Bombs.scans(98, side: 160)
    let image = try ImageDecoder().decode(bytes.span.bytes)
    #expect(image.pixels.allSatisfy { $0 == 128 })
  }

  @Test func millionChunks() async {
    await #expect(processExitsWith: .success) {
      let bytes = Bombs.chunks(try Golden.bytes(of: "rgb-8.png"), 1_000_000)
      try Self.expect(nil, within: 4 * Self.megabyte, bytes)
    }
  }
}
