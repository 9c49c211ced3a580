/// Finds the orientation in EXIF data (CIPA DC-008). Whatever is malformed counts as absent.
enum EXIF {
  private static let orientationTag = 0x0112
  private static let shortType = 3

  /// The orientation in a TIFF structure that fills a range of bytes.
  static func orientation(in bytes: BoundedBytes, from start: Int, to end: Int) -> Orientation? {
    let little: Bool
    switch bytes.big(start, 4) {
    case 0x4949_2A00: little = true
    case 0x4D4D_002A: little = false
    default: return nil
    }
    func number(_ offset: Int, _ width: Int) -> Int? {
      guard offset >= start, offset + width <= end else { return nil }
      return little ? bytes.little(offset, width) : bytes.big(offset, width)
    }
    guard let first = number(start + 4, 4), let count = number(start + first, 2) else {
      return nil
    }
    for entry in 0..<count {
      let offset = start + first + 2 + entry * 12
      guard let tag = number(offset, 2), let type = number(offset + 2, 2) else { return nil }
      guard tag == orientationTag else { continue }
      guard type == shortType, number(offset + 4, 4) == 1, let value = number(offset + 8, 2)
      else { return nil }
      return Orientation(rawValue: value)
    }
    return nil
  }
}
