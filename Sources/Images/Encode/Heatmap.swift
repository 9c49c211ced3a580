/// Colours a picture by a coarse map of numbers, from blue over green to red.
package struct Heatmap: Sendable {
  /// `[height, width]`.
  package let values: [Float]
  package let height: Int
  package let width: Int

  /// - Precondition: `values` has `height × width` numbers and is not empty.
  package init(_ values: [Float], height: Int, width: Int) {
    precondition(
      height > 0 && width > 0 && values.count == height * width,
      "\(values.count) numbers for \(height) x \(width)")
    self.values = values
    self.height = height
    self.width = width
  }

  /// The picture under the map, which is stretched bilinearly. The contrast is stretched too: the
  /// smallest number is blue, the largest red; a constant map is green all over.
  ///
  /// - Parameter pixels: `[side, side, 3]`.
  /// - Complexity: O(side²).
  package func overlay(on pixels: [UInt8], side: Int) -> [UInt8] {
    precondition(pixels.count == 3 * side * side, "\(pixels.count) bytes for a side of \(side)")
    let (low, high) = values.reduce((Float.infinity, -Float.infinity)) {
      (min($0.0, $1), max($0.1, $1))
    }
    var result = pixels
    for y in 0..<side {
      for x in 0..<side {
        let value = sample(y, x, side)
        let place = (value - low) / (high - low)
        let colour = Self.colour(place)
        // The darker the picture, the more the colour alone shows.
        for channel in 0..<3 {
          let index = (y * side + x) * 3 + channel
          result[index] = UInt8(0.5 * Float(pixels[index]) + 0.5 * colour[channel])
        }
      }
    }
    return result
  }

  private func sample(_ y: Int, _ x: Int, _ side: Int) -> Float {
    let (top, bottom, down) = Self.taps(y, side, height)
    let (left, right, along) = Self.taps(x, side, width)
    let above = mix(values[top * width + left], values[top * width + right], along)
    let below = mix(values[bottom * width + left], values[bottom * width + right], along)
    return mix(above, below, down)
  }

  private func mix(_ a: Float, _ b: Float, _ share: Float) -> Float { a + (b - a) * share }

  private static func taps(_ position: Int, _ side: Int, _ count: Int) -> (Int, Int, Float) {
    let place = max((Float(position) + 0.5) * Float(count) / Float(side) - 0.5, 0)
    let low = min(Int(place), count - 1)
    return (low, min(low + 1, count - 1), min(place - Float(low), 1))
  }

  /// - Parameter place: 0...1; green where it is no number, as in a constant map.
  private static func colour(_ place: Float) -> [Float] {
    let place = place.isNaN ? 0.5 : min(max(place, 0), 1)
    let warm = max(2 * place - 1, 0)
    let cold = max(1 - 2 * place, 0)
    return [255 * warm, 255 * (1 - warm - cold), 255 * cold]
  }
}
