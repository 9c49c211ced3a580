import RankingData
import Testing

struct VisualAttributesTests {
  @Test func aPlainPictureHasColourAndNoTexture() {
    let pixels = [[UInt8]](repeating: [255, 51, 0], count: 8 * 4).flatMap { $0 }
    let attributes = VisualAttributes.measure(rgb: pixels, width: 8, height: 4)
    let expected = [0.299 + 0.587 * 0.2, 0, 1, 0.8, 0.6, 0, 0, 0]
    #expect(attributes.count == VisualAttributes.names.count)
    for (value, wanted) in zip(attributes, expected) { #expect(abs(value - wanted) < 1e-7) }
  }

  @Test func theMiddleIsMeasuredAgainstTheBorder() {
    // White in the middle 2 × 2 of 4 × 4, black around.
    var pixels = [UInt8](repeating: 0, count: 4 * 4 * 3)
    for y in 1...2 {
      for x in 1...2 {
        for channel in 0..<3 { pixels[(y * 4 + x) * 3 + channel] = 255 }
      }
    }
    let attributes = VisualAttributes.measure(rgb: pixels, width: 4, height: 4)
    // Each row of the middle has one step from black to white on its left, each column one above.
    let expected = [1, 0, 0, 0, 0, 0.5, 0.5, 1]
    for (value, wanted) in zip(attributes, expected) { #expect(abs(value - wanted) < 1e-7) }
  }

  @Test func stripesAreTextureAcrossThem() {
    let pixels = (0..<16).flatMap { _ in
      (0..<16).flatMap { [UInt8](repeating: $0 % 2 * 255, count: 3) }
    }
    let attributes = VisualAttributes.measure(rgb: pixels, width: 16, height: 16)
    #expect(abs(attributes[5] - 1) < 1e-7)
    #expect(attributes[6] == 0)
    #expect(abs(attributes[1] - 0.5) < 1e-7)
  }

  @Test func aSinglePixelIsAllMiddle() {
    #expect(
      VisualAttributes.measure(rgb: [0, 0, 0], width: 1, height: 1)
        == [Double](repeating: 0, count: 8))
  }
}
