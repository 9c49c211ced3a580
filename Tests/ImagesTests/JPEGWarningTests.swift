import Images
import Testing

/// libjpeg warns of much and refuses little. Each warning is either harmless, and the pixels are
/// those of the whole file, or the image is refused.
@Suite("Warnings of libjpeg")
struct JPEGWarningTests {
  /// More than a decoder reads ahead.
  private static let noise: [UInt8] = Array(0x40..<0x60)

  private func decode(_ bytes: [UInt8]) throws(ImageError) -> RGBImage {
    try ImageDecoder().decode(bytes.span.bytes)
  }

  /// Where a marker begins, from a position on.
  private func find(
    _ markers: ClosedRange<UInt8>, in bytes: [UInt8], from start: Int = 2
  ) throws -> Int {
    try #require(
      (start..<bytes.count - 1).first { bytes[$0] == 0xFF && markers.contains(bytes[$0 + 1]) })
  }

  private func inserting(_ bytes: [UInt8], _ place: Int) -> [UInt8] {
    Array(bytes[..<place]) + Self.noise + Array(bytes[place...])
  }

  /// Some cameras write other spectral bounds than a sequential image has; nothing reads them.
  @Test func unusualScanParametersAreHarmless() throws {
    var bytes = try Golden.bytes(of: "rgb-420.jpg")
    let whole = try decode(bytes)
    let scan = try find(0xDA...0xDA, in: bytes)
    let end = scan + 2 + Int(bytes[scan + 2]) << 8 + Int(bytes[scan + 3])
    #expect(bytes[end - 2] == 63)
    bytes[end - 2] = 0
    #expect(try decode(bytes) == whole)
  }

  @Test func bytesBeforeTheFirstScanAreHarmless() throws {
    for name in ["rgb-restart.jpg", "progressive.jpg"] {
      let bytes = try Golden.bytes(of: name)
      let scan = try find(0xDA...0xDA, in: bytes)
      #expect(try decode(inserting(bytes, scan)) == decode(bytes), "\(name)")
    }
  }

  @Test func bytesBeforeTheEndAreHarmless() throws {
    for name in ["rgb-restart.jpg", "progressive.jpg"] {
      let bytes = try Golden.bytes(of: name)
      #expect(bytes.suffix(2) == [0xFF, 0xD9])
      #expect(try decode(inserting(bytes, bytes.count - 2)) == decode(bytes), "\(name)")
    }
  }

  /// What is left over before a restart marker was read wrongly, or not at all.
  @Test func bytesInsideAScanAreDamage() throws {
    let bytes = try Golden.bytes(of: "rgb-restart.jpg")
    let scan = try find(0xDA...0xDA, in: bytes)
    let restart = try find(0xD0...0xD7, in: bytes, from: scan)
    let error = #expect(throws: ImageError.self) { try decode(inserting(bytes, restart)) }
    #expect(error?.reason == .corrupt)
    #expect(error?.message.contains("extraneous") == true)
  }

  @Test func bytesBetweenScansAreDamage() throws {
    let bytes = try Golden.bytes(of: "progressive.jpg")
    let first = try find(0xDA...0xDA, in: bytes)
    let next = try find(0xC4...0xDA, in: bytes, from: first + 2)
    let error = #expect(throws: ImageError.self) { try decode(inserting(bytes, next)) }
    #expect(error?.reason == .corrupt)
  }

  /// Where libjpeg has an inkling, the image is refused. Most flips give other pixels without any
  /// sign of it; those cannot be told from a picture.
  @Test func flippedBitsAreNoticedWhereTheyCanBe() throws {
    let bytes = try Golden.bytes(of: "rgb-restart.jpg")
    let whole = try decode(bytes)
    let scan = try find(0xDA...0xDA, in: bytes) + 14
    var counts = (refused: 0, wrong: 0)
    for place in scan..<bytes.count - 2 {
      var mutant = bytes
      mutant[place] ^= 1 << UInt8(place % 8)
      do throws(ImageError) {
        if try decode(mutant) != whole { counts.wrong += 1 }
      } catch {
        counts.refused += 1
      }
    }
    #expect(counts.refused > 200, "\(counts)")
  }
}
