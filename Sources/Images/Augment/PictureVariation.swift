#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What was chosen for one picture.
package struct PictureVariation: Sendable, Hashable {
  /// Where the output's pixels come from.
  package var place: AffineMap
  /// What becomes of colours.
  package var color: ColorMatrix
  /// The part of the output that is hidden, or nil.
  package var hidden: Rectangle?

  /// Pixels of the output.
  package struct Rectangle: Sendable, Hashable {
    package var x: Range<Int>
    package var y: Range<Int>

    package init(x: Range<Int>, y: Range<Int>) { (self.x, self.y) = (x, y) }
  }

  /// Draws the variation of a picture of `width` × `height` pixels that is shown as a square.
  ///
  /// Every choice takes its numbers, whether it applies or not: another brightness does not move
  /// the crops.
  package init(
    _ plan: Augmentation, width: Int, height: Int, side: Int, random: inout AugmentationStream
  ) {
    let part = Self.part(plan, Double(width), Double(height), &random)
    let mirrored = random.uniform() < plan.flip
    let turn = random.uniform(in: -plan.rotation...plan.rotation)
    place = AffineMap(part: part, side: side, mirrored: mirrored, turn: turn)
    let brightness = random.uniform(in: 1 - plan.brightness...1 + plan.brightness)
    let contrast = random.uniform(in: 1 - plan.contrast...1 + plan.contrast)
    let saturation = random.uniform(in: 1 - plan.saturation...1 + plan.saturation)
    color = ColorMatrix(brightness: brightness, contrast: contrast, saturation: saturation)
    let hides = random.uniform() < plan.erase
    let rectangle = Self.rectangle(plan.eraseArea, side, &random)
    hidden = hides ? rectangle : nil
  }

  /// Ten attempts at a part of the wanted area and ratio that lies within the picture, then the
  /// whole, as torchvision's `RandomResizedCrop` has it but for the fractions of a pixel.
  private static func part(
    _ plan: Augmentation, _ width: Double, _ height: Double, _ random: inout AugmentationStream
  ) -> (left: Double, top: Double, width: Double, height: Double) {
    let ratios = log(plan.ratio.lowerBound)...log(plan.ratio.upperBound)
    for _ in 0..<10 {
      let area = random.uniform(in: plan.area) * width * height
      let ratio = exp(random.uniform(in: ratios))
      let size = ((area * ratio).squareRoot(), (area / ratio).squareRoot())
      // A whole picture must not fail for a rounding.
      guard size.0 <= width * 1.000_001, size.1 <= height * 1.000_001 else { continue }
      let left = random.uniform() * max(width - size.0, 0)
      let top = random.uniform() * max(height - size.1, 0)
      return (left, top, size.0, size.1)
    }
    return (0, 0, width, height)
  }

  private static func rectangle(
    _ areas: ClosedRange<Double>, _ side: Int, _ random: inout AugmentationStream
  ) -> Rectangle {
    let area = random.uniform(in: areas) * Double(side * side)
    let ratio = exp(random.uniform(in: log(0.4)...log(2.5)))
    func extent(_ length: Double, _ random: inout AugmentationStream) -> Range<Int> {
      let count = min(max(Int(length.rounded()), 1), side)
      let start = Int(random.uniform() * Double(side - count + 1))
      return start..<start + count
    }
    return Rectangle(
      x: extent((area * ratio).squareRoot(), &random),
      y: extent((area / ratio).squareRoot(), &random))
  }
}
