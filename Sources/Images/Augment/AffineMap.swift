#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where the pixels of a square come from in a picture: `x' = a·x + b·y + c`, `y' = d·x + e·y + f`,
/// in pixels, with pixel (0, 0) between 0 and 1.
package struct AffineMap: Sendable, Hashable {
  package var a, b, c, d, e, f: Double

  package init(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double) {
    (self.a, self.b, self.c) = (a, b, c)
    (self.d, self.e, self.f) = (d, e, f)
  }

  /// Shows a part of a picture, mirrored and turned about its own middle.
  /// - Parameters:
  ///   - part: left, top, width and height in the picture.
  ///   - turn: degrees, clockwise as one looks at the picture that comes out.
  package init(
    part: (left: Double, top: Double, width: Double, height: Double), side: Int, mirrored: Bool,
    turn: Double
  ) {
    let angle = turn * .pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    let across = (mirrored ? -part.width : part.width) / Double(side)
    let down = part.height / Double(side)
    // Output to the middle, back by the angle, then to the scale of the part. The angle is taken
    // between the two, where the output's pixels are square.
    (a, b) = (across * cosine, across * sine)
    (d, e) = (-down * sine, down * cosine)
    let middle = Double(side) / 2
    c = part.left + part.width / 2 - (a + b) * middle
    f = part.top + part.height / 2 - (d + e) * middle
  }

  package func callAsFunction(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (a * x + b * y + c, d * x + e * y + f)
  }
}
