/// What becomes of a colour: for each of red, green and blue three factors and an offset, of values
/// from 0 to 255.
package struct ColorMatrix: Sendable, Hashable {
  /// Three rows of four.
  package var rows: [Double]

  /// Nothing changes.
  package static let identity = ColorMatrix(rows: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])

  private init(rows: [Double]) { self.rows = rows }

  /// The weights of ITU-R BT.601 that make a grey of a colour.
  private static let grey = [0.299, 0.587, 0.114]
  private static let middle = 127.5

  /// Brightness first, then contrast, then saturation; 1 leaves each alone. Nothing is clamped in
  /// between.
  package init(brightness: Double, contrast: Double, saturation: Double) {
    let gain = brightness * contrast
    let offset = Self.middle * (1 - contrast)
    rows = []
    for channel in 0..<3 {
      for source in 0..<3 {
        let own = channel == source ? saturation : 0
        rows.append(gain * (own + (1 - saturation) * Self.grey[source]))
      }
      // The weights of grey sum to 1, so an offset that all channels share is kept.
      rows.append(offset)
    }
  }

  /// The colour that becomes of one.
  package func callAsFunction(_ color: [Double]) -> [Double] {
    (0..<3).map { row in
      rows[4 * row] * color[0] + rows[4 * row + 1] * color[1] + rows[4 * row + 2] * color[2]
        + rows[4 * row + 3]
    }
  }
}
