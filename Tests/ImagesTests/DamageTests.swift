import Images
import Testing

@Suite("Damage that is accepted")
struct DamageTests {
  private let lenient = ImageDecoder(damage: .accept)

  private func decode(_ bytes: [UInt8]) throws -> (RGBImage, ImageHeader) {
    var header = try lenient.header(of: bytes.span.bytes)
    let image = try lenient.decode(bytes.span.bytes, &header)
    return (image, header)
  }

  @Test func wholeFilesAreUntouched() throws {
    for fixture in Golden.all.fixtures {
      let bytes = try Golden.bytes(of: fixture.file)
      let (image, header) = try decode(bytes)
      #expect(image.summary == fixture.pixels.summary, "\(fixture.file)")
      #expect(header.damage == nil && !header.notes.contains(.damageAccepted), "\(fixture.file)")
    }
  }

  @Test(arguments: [
    "rgb-420.jpg", "rgb-restart.jpg", "progressive.jpg", "cmyk.jpg", "grey.jpg", "rgba-8.png",
    "palette-8.png", "rgb-8-interlaced.png", "grey-16.png",
  ])
  func truncation(_ file: String) throws {
    let bytes = try Golden.bytes(of: file)
    let whole = try ImageDecoder().decode(bytes.span.bytes)
    var accepted = 0
    for count in stride(from: bytes.count - 13, to: 1, by: -7) {
      let cut = Array(bytes[..<count])
      #expect(throws: ImageError.self) { try ImageDecoder().decode(cut.span.bytes) }
      do {
        let (image, header) = try decode(cut)
        accepted += 1
        #expect(header.notes.contains(.damageAccepted) && header.damage?.isEmpty == false)
        #expect(image.width == whole.width && image.height == whole.height)
      } catch let error as ImageError {
        #expect([.truncated, .corrupt, .unsupportedFormat].contains(error.reason))
      }
    }
    #expect(accepted > 0, "\(file)")
  }

  /// Rows above the damage are those of the whole file; what follows is the padding.
  @Test(arguments: [("rgb-420.jpg", 16, UInt8(128)), ("rgb-8.png", 1, UInt8(0))])
  func rowsAboveTheDamage(_ file: String, _ block: Int, _ padding: UInt8) throws {
    let bytes = try Golden.bytes(of: file)
    let whole = try ImageDecoder().decode(bytes.span.bytes)
    let (image, _) = try decode(Array(bytes[..<(bytes.count - bytes.count / 4)]))
    let line = whole.width * 3
    #expect(image.pixels[..<(block * line)] == whole.pixels[..<(block * line)])
    #expect(image.pixels.suffix(line).allSatisfy { $0 == padding })
  }

  @Test func wrongSumsAreAcceptedAndNoted() throws {
    var bytes = try Golden.bytes(of: "rgb-8.png")
    let whole = try ImageDecoder().decode(bytes.span.bytes)
    bytes[29] ^= 1  // The sum of the header chunk.
    #expect(throws: ImageError.self) { try ImageDecoder().decode(bytes.span.bytes) }
    let (image, header) = try decode(bytes)
    #expect(image == whole)
    #expect(header.notes == [.damageAccepted] && header.damage?.contains("CRC") == true)
  }

  @Test func limitsStand() throws {
    var limits = ImageLimits()
    limits.maximumScans = 3
    let bytes = try Golden.bytes(of: "progressive.jpg")
    let decoder = ImageDecoder(limits: limits, damage: .accept)
    let error = #expect(throws: ImageError.self) { try decoder.decode(bytes.span.bytes) }
    #expect(error?.reason == .tooLarge)
  }

  /// Damage gives the same pixels, whether only a window of the image is decoded or all of it.
  @Test func windowsOfDamagedImages() throws {
    let value = Preprocessing(resize: 32, crop: 16, damage: .accept)
    let workspace = PreprocessingWorkspace(value)
    for file in ["rgb-420.jpg", "rgb-restart.jpg", "progressive.jpg", "cmyk.jpg"] {
      let bytes = try Golden.bytes(of: file)
      for count in stride(from: bytes.count, to: 300, by: -31) {
        let cut = Array(bytes[..<count])
        guard let whole = try? value.pixels(cut, .cropped) else { continue }
        var pixels = [UInt8](repeating: 0, count: value.count)
        _ = try pixels.withUnsafeMutableBufferPointer {
          try workspace.crop(cut.span.bytes, into: $0)
        }
        #expect(pixels == whole.pixels, "\(file), \(count) bytes")
      }
    }
  }
}
