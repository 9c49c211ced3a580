import Images
import Testing

@Suite("Contact sheets and PNG writing")
struct ContactSheetTests {
  @Test func whatIsWrittenIsReadAgain() throws {
    for (width, height) in [(1, 1), (3, 7), (64, 2), (251, 130)] {
      let image = RGBImage.noise(width, height, seed: 3)
      for level in [0, 1, 9] {
        let bytes = try PNGImage.encode(image, level: level)
        #expect(try ImageDecoder().decode(bytes.span.bytes) == image)
      }
    }
  }

  @Test func tilesStandInTheirPlaces() throws {
    let sheet = ContactSheet(columns: 3, side: 5, margin: 2, background: 9)
    let tiles = (0..<4).map { RGBImage.noise(5, 5, seed: UInt32($0)).pixels }
    let bytes = try sheet.png(tiles)
    let image = try ImageDecoder().decode(bytes.span.bytes)
    #expect(image.width == 3 * 7 + 2 && image.height == 2 * 7 + 2)
    var expected = [UInt8](repeating: 9, count: image.pixels.count)
    for (index, tile) in tiles.enumerated() {
      let (left, top) = (2 + index % 3 * 7, 2 + index / 3 * 7)
      for i in tile.indices {
        expected[((top + i / 15) * image.width + left) * 3 + i % 15] = tile[i]
      }
    }
    #expect(image.pixels == expected)
  }

  @Test func fewTilesMakeANarrowSheet() throws {
    let tile = RGBImage.noise(4, 4, seed: 1).pixels
    let image = try ContactSheet(columns: 10, side: 4, margin: 0).layOut([tile])
    #expect(image == RGBImage(width: 4, height: 4, pixels: tile))
  }

  @Test func whatCannotBeWrittenIsRefused() {
    #expect(reason(tiles: [], pixels: 100) == .empty)
    #expect(reason(tiles: [[UInt8](repeating: 0, count: 192)], pixels: 100) == .tooLarge)
    #expect(reason(tiles: [[UInt8](repeating: 0, count: 192)], pixels: 256) == nil)
  }

  private func reason(tiles: [[UInt8]], pixels: Int) -> ImageError.Reason? {
    var limits = ImageLimits()
    limits.maximumPixels = pixels
    do throws(ImageError) {
      _ = try ContactSheet(columns: 2, side: 8).layOut(tiles, limits: limits)
      return nil
    } catch {
      return error.reason
    }
  }
}
