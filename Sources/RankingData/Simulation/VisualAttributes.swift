/// Eight plain measurements of a picture, by which simulated users judge it.
///
/// Products are photographed in the middle of the frame, so colours and texture are measured in the
/// middle half of the width and of the height; the border stands for the background.
public enum VisualAttributes {
  /// What is measured, in order. Colours are fractions of full scale.
  public static let names = [
    "luminance", "contrast", "chroma", "red-green", "yellow-blue", "horizontal texture",
    "vertical texture", "luminance against border",
  ]

  /// Measures a picture. O(pixels).
  ///
  /// - Parameters:
  ///   - rgb: `[height, width, 3]`, 8 bits a channel.
  ///   - width: at least 1.
  ///   - height: at least 1.
  /// - Returns: one number per name.
  public static func measure(rgb: [UInt8], width: Int, height: Int) -> [Double] {
    precondition(
      width > 0 && height > 0 && rgb.count == width * height * 3,
      "A picture of \(width)×\(height) pixels needs \(width)·\(height)·3 bytes, not \(rgb.count).")
    let luminance = (0..<width * height).map { pixel in
      0.299 * channel(rgb, pixel, 0) + 0.587 * channel(rgb, pixel, 1)
        + 0.114 * channel(rgb, pixel, 2)
    }
    let columns = width / 4..<max(width / 4 + 1, width - width / 4)
    let rows = height / 4..<max(height / 4 + 1, height - height / 4)
    var middle = Sums()
    for y in rows {
      for x in columns {
        let pixel = y * width + x
        let red = channel(rgb, pixel, 0)
        let green = channel(rgb, pixel, 1)
        let blue = channel(rgb, pixel, 2)
        middle.count += 1
        middle.luminance += luminance[pixel]
        middle.square += luminance[pixel] * luminance[pixel]
        middle.chroma += max(red, green, blue) - min(red, green, blue)
        middle.redGreen += red - green
        middle.yellowBlue += (red + green) / 2 - blue
        if x > 0 { middle.across += abs(luminance[pixel] - luminance[pixel - 1]) }
        if y > 0 { middle.down += abs(luminance[pixel] - luminance[pixel - width]) }
      }
    }
    let mean = middle.luminance / middle.count
    let border = Double(width * height) - middle.count
    let outside = border > 0 ? (luminance.reduce(0, +) - middle.luminance) / border : mean
    return [
      mean, max(0, middle.square / middle.count - mean * mean).squareRoot(),
      middle.chroma / middle.count, middle.redGreen / middle.count,
      middle.yellowBlue / middle.count, middle.across / middle.count, middle.down / middle.count,
      mean - outside,
    ]
  }

  private static func channel(_ rgb: [UInt8], _ pixel: Int, _ index: Int) -> Double {
    Double(rgb[pixel * 3 + index]) / 255
  }

  private struct Sums {
    var count = 0.0
    var luminance = 0.0
    var square = 0.0
    var chroma = 0.0
    var redGreen = 0.0
    var yellowBlue = 0.0
    var across = 0.0
    var down = 0.0
  }
}
