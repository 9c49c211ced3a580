/// The part of the spatial gate that only depends on the category.
enum SpatialCode {
  /// Stretches a square map bilinearly, pixel centres aligned (PyTorch's `align_corners=False`).
  static func stretched(_ code: [Double], side: Int, height: Int, width: Int) -> [Double] {
    let rows = taps(side, height)
    let columns = taps(side, width)
    return rows.flatMap { row in
      columns.map { column in
        let top = mix(code, row.low * side, column)
        let bottom = mix(code, row.high * side, column)
        return top + (bottom - top) * row.fraction
      }
    }
  }

  private static func mix(
    _ code: [Double], _ start: Int, _ tap: (low: Int, high: Int, fraction: Double)
  ) -> Double {
    code[start + tap.low] + (code[start + tap.high] - code[start + tap.low]) * tap.fraction
  }

  private static func taps(_ from: Int, _ to: Int) -> [(low: Int, high: Int, fraction: Double)] {
    (0..<to).map { position in
      let place = max((Double(position) + 0.5) * Double(from) / Double(to) - 0.5, 0)
      let low = min(Int(place), from - 1)
      return (low, min(low + 1, from - 1), place - Double(low))
    }
  }

  /// A 7x7 convolution that keeps the size.
  static func convolved(
    _ map: [Double], height: Int, width: Int, kernel: [Double]
  ) -> [Double] {
    var result = [Double](repeating: 0, count: height * width)
    for y in 0..<height {
      for x in 0..<width {
        var sum = 0.0
        for i in max(0, 3 - y)..<min(7, height + 3 - y) {
          for j in max(0, 3 - x)..<min(7, width + 3 - x) {
            sum += kernel[7 * i + j] * map[(y + i - 3) * width + x + j - 3]
          }
        }
        result[y * width + x] = sum
      }
    }
    return result
  }
}
