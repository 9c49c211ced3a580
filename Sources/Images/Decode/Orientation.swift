/// The eight orientations of EXIF: how the stored pixels must be turned to stand upright.
public enum Orientation: Int, Sendable, Hashable, CaseIterable {
  /// As stored.
  case up = 1
  /// Mirror left and right.
  case upMirrored
  /// Turn by 180°.
  case down
  /// Mirror top and bottom.
  case downMirrored
  /// Exchange rows and columns.
  case leftMirrored
  /// Turn by 90° clockwise.
  case right
  /// Exchange rows and columns, about the other diagonal.
  case rightMirrored
  /// Turn by 90° counterclockwise.
  case left

  /// Whether width and height change places.
  package var swapsSides: Bool { rawValue >= 5 }

  /// Writes the upright pixels; `output` has the same count as `input`.
  /// Complexity: O(width × height).
  package func apply(
    to input: UnsafeBufferPointer<UInt8>, width: Int, height: Int,
    into output: UnsafeMutableBufferPointer<UInt8>
  ) {
    precondition(
      input.count >= width * height * 3 && output.count >= width * height * 3,
      "buffers of \(input.count) and \(output.count) bytes for \(width) x \(height) pixels")
    let (start, stepX, stepY) = walk(width: width, height: height)
    let columns = swapsSides ? height : width
    let rows = swapsSides ? width : height
    var target = 0
    for y in 0..<rows {
      var source = start + y * stepY
      for _ in 0..<columns {
        output[target] = input[source]
        output[target + 1] = input[source + 1]
        output[target + 2] = input[source + 2]
        target += 3
        source += stepX
      }
    }
  }

  /// Where the first upright pixel is stored, and the byte distance to its right and lower
  /// neighbours.
  private func walk(width: Int, height: Int) -> (start: Int, stepX: Int, stepY: Int) {
    let pixel = 3
    let line = width * 3
    let lastX = (width - 1) * pixel
    let lastY = (height - 1) * line
    return switch self {
    case .up: (0, pixel, line)
    case .upMirrored: (lastX, -pixel, line)
    case .down: (lastX + lastY, -pixel, -line)
    case .downMirrored: (lastY, pixel, -line)
    case .leftMirrored: (0, line, pixel)
    case .right: (lastY, -line, pixel)
    case .rightMirrored: (lastX + lastY, -line, -pixel)
    case .left: (lastX, line, -pixel)
    }
  }
}
