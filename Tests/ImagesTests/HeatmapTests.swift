import Images
import Testing

@Suite("Maps of numbers over a picture")
struct HeatmapTests {
  private let black = [UInt8](repeating: 0, count: 3 * 16)

  private func pixel(_ pixels: [UInt8], _ y: Int, _ x: Int) -> [UInt8] {
    Array(pixels[(y * 4 + x) * 3..<(y * 4 + x + 1) * 3])
  }

  /// Two numbers over four pixels: bilinear samples at 0, 1/4, 3/4 and 1 of the way.
  @Test func coloursGoFromBlueOverGreenToRed() {
    let along = Heatmap([-3, 5], height: 1, width: 2).overlay(on: black, side: 4)
    let down = Heatmap([-3, 5], height: 2, width: 1).overlay(on: black, side: 4)
    let colours: [[UInt8]] = [[0, 0, 127], [0, 63, 63], [63, 63, 0], [127, 0, 0]]
    for i in 0..<4 {
      for j in 0..<4 {
        #expect(pixel(along, i, j) == colours[j])
        #expect(pixel(down, j, i) == colours[j])
      }
    }
  }

  @Test func theContrastIsStretched() {
    let values: [Float] = [0, 0.5, 0.25, 1, 0.75, 0.125]
    let picture = RGBImage.noise(9, 9, seed: 5).pixels
    let one = Heatmap(values, height: 2, width: 3).overlay(on: picture, side: 9)
    let other = Heatmap(values.map { 2 * $0 - 8 }, height: 2, width: 3)
    // The same up to the rounding of the last level.
    for (left, right) in zip(one, other.overlay(on: picture, side: 9)) {
      #expect(abs(Int(left) - Int(right)) <= 1)
    }
    #expect(one != picture)
  }

  @Test func aConstantMapIsGreenAllOver() {
    let picture = RGBImage.noise(4, 4, seed: 7).pixels
    let result = Heatmap([Float](repeating: 0.3, count: 6), height: 2, width: 3)
      .overlay(on: picture, side: 4)
    let expected = picture.indices.map { index in
      let green: Float = index % 3 == 1 ? 127.5 : 0
      return UInt8(0.5 * Float(picture[index]) + green)
    }
    #expect(result == expected)
  }

  /// Whatever a network computes, a picture comes of it.
  @Test(arguments: [
    [Float.nan, 1, 2, 3], [.nan, .nan, .nan, .nan], [-.infinity, 0, 1, .infinity],
    [-.greatestFiniteMagnitude, 0, 0, .greatestFiniteMagnitude],
  ])
  func numbersThatAreNoneDoNoHarm(_ values: [Float]) {
    let result = Heatmap(values, height: 2, width: 2).overlay(on: black, side: 4)
    #expect(result.count == black.count && result.allSatisfy { $0 <= 127 })
  }

  @Test func aMapFinerThanThePictureIsSampled() {
    let values = (0..<64).map(Float.init)
    let result = Heatmap(values, height: 8, width: 8).overlay(on: black, side: 4)
    // Each pixel reads between the four numbers around its centre: 4.5 at the top left.
    let place: Float = 4.5 / 63
    #expect(
      pixel(result, 0, 0) == [0, UInt8(127.5 * 2 * place), UInt8(127.5 * (1 - 2 * place))])
  }
}
