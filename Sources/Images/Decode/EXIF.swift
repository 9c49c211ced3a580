/// Finds the orientation in EXIF data (CIPA DC-008). Whatever is malformed counts as absent.
enum EXIF {
  private static let orientationTag = 0x0112
  private static let shortType = 3

  /// The orientation of a JPEG (APP1) or PNG (eXIf). Reads headers only.
  static func orientation(of bytes: RawSpan, format: ImageFormat) -> Orientation? {
    bytes.withUnsafeBytes { buffer in
      switch format {
      case .jpeg: inJPEG(ByteReader(bytes: buffer))
      case .png: inPNG(ByteReader(bytes: buffer))
      default: nil
      }
    }
  }

  private static func inJPEG(_ bytes: ByteReader) -> Orientation? {
    var offset = 2
    while bytes.byte(offset) == 0xFF, let marker = bytes.byte(offset + 1) {
      switch marker {
      case 0xFF:  // A fill byte.
        offset += 1
        continue
      case 0x01, 0xD0...0xD7:  // Markers without a payload.
        offset += 2
        continue
      case 0xD8, 0xD9, 0xDA:  // The image itself begins, or ends.
        return nil
      default: break
      }
      guard let length = bytes.big(offset + 2, 2), length >= 2 else { return nil }
      if marker == 0xE1, bytes.big(offset + 4, 4) == 0x4578_6966, bytes.big(offset + 8, 2) == 0 {
        return inTIFF(bytes, from: offset + 10, to: offset + 2 + length)
      }
      offset += 2 + length
    }
    return nil
  }

  private static func inPNG(_ bytes: ByteReader) -> Orientation? {
    var offset = 8
    while let length = bytes.big(offset, 4), let type = bytes.big(offset + 4, 4) {
      if type == 0x6558_4966 {  // eXIf
        return inTIFF(bytes, from: offset + 8, to: offset + 8 + length)
      }
      if type == 0x4945_4E44 { return nil }  // IEND
      offset += 12 + length
    }
    return nil
  }

  private static func inTIFF(_ bytes: ByteReader, from start: Int, to end: Int) -> Orientation? {
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

/// Bounds-checked numbers out of raw bytes. Offsets come from 32-bit fields, so sums of a few of
/// them cannot overflow.
private struct ByteReader {
  let bytes: UnsafeRawBufferPointer

  func byte(_ offset: Int) -> UInt8? {
    guard offset >= 0, offset < bytes.count else { return nil }
    return bytes[offset]
  }

  func big(_ offset: Int, _ width: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - width else { return nil }
    return bytes[offset..<offset + width].reduce(0) { $0 << 8 | Int($1) }
  }

  func little(_ offset: Int, _ width: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - width else { return nil }
    return bytes[offset..<offset + width].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
