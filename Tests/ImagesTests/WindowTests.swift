import Images
import Testing

@Suite("Rows outside the crop are skipped, and nobody can tell")
struct WindowTests {
  private func decode(_ bytes: [UInt8], _ rows: Range<Int>?) throws -> (RGBImage, ImageHeader) {
    let decoder = ImageDecoder()
    var header = try decoder.header(of: bytes.span.bytes)
    var pixels = [UInt8](repeating: 77, count: header.byteCount)
    try pixels.withUnsafeMutableBufferPointer {
      try decoder.decode(bytes.span.bytes, &header, rows: rows, into: $0)
    }
    return (RGBImage(width: header.width, height: header.height, pixels: pixels), header)
  }

  private func expectWindows(_ bytes: [UInt8], _ name: String) throws {
    guard let (whole, header) = try? decode(bytes, nil) else { return }
    let height = header.height
    let line = header.width * 3
    for (first, count) in [
      (0, height), (0, 1), (height - 1, 1), (height / 2, 1), (height / 5, height * 3 / 5 + 1),
      (height / 3, height / 8 + 1), (0, height / 2 + 1),
    ] {
      let window = first..<min(first + count, height)
      let (image, _) = try decode(bytes, window)
      let range = window.lowerBound * line..<window.upperBound * line
      #expect(image.pixels[range] == whole.pixels[range], "\(name), rows \(window)")
    }
  }

  @Test(arguments: Golden.all.fixtures)
  func fixtures(_ fixture: Golden.Fixture) throws {
    try expectWindows(try Golden.bytes(of: fixture.file), fixture.file)
  }

  @Test(
    "photos", .enabled(if: Golden.has("clothing"), "../shared/data/clothing is absent"))
  func photos() throws {
    for photo in Golden.all.photos {
      try expectWindows(try Golden.bytes(of: photo), photo.file)
    }
  }

  /// Skipped data are read all the same: the verdict on a damaged file is that on the whole.
  @Test(
    "damage outside the window",
    .enabled(if: Golden.has("clothing"), "../shared/data/clothing is absent"))
  func damage() throws {
    func verdict(_ bytes: [UInt8], _ rows: Range<Int>?) -> ImageError? {
      do {
        _ = try decode(bytes, rows)
        return nil
      } catch {
        return error as? ImageError
      }
    }
    var random = Congruence(state: 5)
    var refused = 0
    for photo in Golden.all.photos.prefix(8) {
      let bytes = try Golden.bytes(of: photo)
      let rows = photo.pixels.height * 2 / 5..<photo.pixels.height / 2
      for _ in 0..<30 {
        var mutant = Array(
          bytes[..<(bytes.count - random.next(below: 2) * random.next(below: 4000))])
        mutant[mutant.count / 4 + random.next(below: mutant.count * 3 / 4)] ^= 0x55
        let whole = verdict(mutant, nil)
        #expect(verdict(mutant, rows) == whole)
        refused += whole == nil ? 0 : 1
      }
    }
    #expect(refused > 50, "\(refused) of 240")
  }
}
