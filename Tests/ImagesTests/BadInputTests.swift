import Foundation
import Images
import Testing

@Suite("Bad input ends in a typed reason, never in a crash")
struct BadInputTests {
  private func failure(_ bytes: [UInt8], _ limits: ImageLimits = ImageLimits()) -> ImageError? {
    do throws(ImageError) {
      _ = try ImageDecoder(limits: limits).decode(bytes.span.bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func empty() {
    #expect(failure([])?.reason == .empty)
  }

  @Test(arguments: [
    ("RIFF\u{1}\u{1}\u{1}\u{1}WEBPVP8 ", "WebP"), ("GIF89a....", "GIF"), ("....ftypavif", "AVIF"),
    ("....ftypheic", "HEIC"), ("BM......", "BMP"), ("II*\u{0}....", "TIFF"),
    ("MM\u{0}*....", "TIFF"), ("8BPS", "Photoshop"),
    ("\u{0}\u{0}\u{1}\u{0}", "ICO"), ("qoif", "QOI"), ("P6\n1 1", "Netpbm"), ("DDS |", "DDS"),
    ("#?RADIANCE", "Radiance HDR"), ("%PDF-1.7", "PDF"), ("<svg xmlns", "SVG"),
  ])
  func otherFormatsAreNamed(_ text: String, _ name: String) {
    let error = failure(Array(text.utf8))
    #expect(error?.reason == .unsupportedFormat)
    #expect(error?.message.contains(name) == true)
  }

  @Test func formatsWithBytesBeyondASCII() {
    let end: [UInt8] = [0x0D, 0x0A, 0x87, 0x0A]
    for (bytes, name): ([UInt8], String) in [
      ([0xFF, 0x0A, 1], "JPEG XL"), ([0, 0, 0, 12] + Array("JXL ".utf8) + end, "JPEG XL"),
      ([0, 0, 0, 12] + Array("jP  ".utf8) + end, "JPEG 2000"),
      ([0xFF, 0x4F, 0xFF, 0x51], "JPEG 2000"), ([0xFF, 0xD8, 0xFF, 0xF7], "JPEG-LS"),
      ([0x76, 0x2F, 0x31, 0x01], "OpenEXR"),
    ] {
      let error = failure(bytes)
      #expect(error?.reason == .unsupportedFormat && error?.message.contains(name) == true)
    }
  }

  @Test func noFormat() {
    #expect(failure(Array("<html>".utf8))?.reason == .unsupportedFormat)
    #expect(failure([0xFF])?.reason == .unsupportedFormat)
  }

  @Test(arguments: ["rgb-420.jpg", "progressive.jpg", "cmyk.jpg", "rgba-8.png", "palette-8.png"])
  func everyTruncation(_ file: String) throws {
    let bytes = try Golden.bytes(of: file)
    // The last bytes of a JPEG are its end marker, those of a PNG its end chunk: no pixels.
    let end = bytes.count - (file.hasSuffix("png") ? 12 : 2)
    for count in 1..<end {
      let error = failure(Array(bytes[..<count]))
      let reason = error?.reason
      #expect(
        reason == .truncated || reason == .corrupt || (count < 8 && reason == .unsupportedFormat),
        "\(file), \(count) of \(bytes.count) bytes: \(String(describing: error))")
    }
  }

  @Test(arguments: [
    "odd.jpg", "progressive.jpg", "cmyk.jpg", "rgb-8-interlaced.png", "palette-4.png",
  ])
  func mutations(_ file: String) throws {
    let bytes = try Golden.bytes(of: file)
    var random = Congruence(state: 42)
    var limits = ImageLimits()
    limits.maximumPixels = 1 << 20
    var reasons: [String: Int] = [:]
    for _ in 0..<2000 {
      var mutant = bytes
      for _ in 0...random.next(below: 4) {
        mutant[random.next(below: mutant.count)] = UInt8(random.next(below: 256))
      }
      if let error = failure(mutant, limits) {
        reasons[error.reason.rawValue, default: 0] += 1
        #expect(!error.message.isEmpty && !error.message.hasSuffix(": "))
      }
    }
    #expect(reasons["corrupt", default: 0] > 100, "\(reasons)")
  }

  /// libpng checks sums before anything else, so most mutants die early; these arrive.
  @Test func mutationsBehindTheChecksum() throws {
    let bytes = try Golden.bytes(of: "palette-8.png")
    var random = Congruence(state: 7)
    var limits = ImageLimits()
    limits.maximumPixels = 1 << 20
    var decoded = 0
    var messages: [String: Int] = [:]
    for _ in 0..<2000 {
      var mutant = bytes
      for _ in 0...random.next(below: 3) {
        mutant[8 + random.next(below: mutant.count - 8)] = UInt8(random.next(below: 256))
      }
      PNGSums.repair(&mutant)
      if let error = failure(mutant, limits) {
        #expect(!error.message.isEmpty)
        messages[error.message, default: 0] += 1
      } else {
        decoded += 1
      }
    }
    let arrived = messages.filter { !$0.key.contains("CRC") }
    #expect(decoded > 200, "\(decoded) of 2000 decoded")
    #expect(arrived.values.reduce(0, +) > 200 && arrived.count > 5, "\(messages)")
  }

  @Test func unreadableFiles() {
    #expect(throws: ImageError.self) { try ImageFile.read("/nonexistent/poster.jpg") }
    do throws(ImageError) {
      _ = try ImageFile.read(Golden.folder.path)
      Issue.record("a folder was read")
    } catch {
      #expect(error.reason == .unreadable)
      #expect(error.description.contains(Golden.folder.path))
    }
  }
}

struct Congruence {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
