/// What lies beside the pixels of a file and bears on them.
struct ImageMetadata {
  /// What the first EXIF record says; nil where there is none, or nonsense.
  private(set) var orientation: Orientation?
  /// Whether a colour profile is embedded.
  private(set) var hasColorProfile = false

  /// Reads segments ahead of a JPEG's first scan, or the chunks of a PNG; nothing of the pixels.
  init(of bytes: RawSpan, format: ImageFormat) {
    bytes.withUnsafeBytes { buffer in
      switch format {
      case .jpeg: readJPEG(BoundedBytes(bytes: buffer))
      case .png: readPNG(BoundedBytes(bytes: buffer))
      default: break
      }
    }
  }

  private mutating func readJPEG(_ bytes: BoundedBytes) {
    var hasEXIF = false
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
        return
      default: break
      }
      guard let length = bytes.big(offset + 2, 2), length >= 2 else { return }
      let end = offset + 2 + length
      if marker == 0xE1, !hasEXIF, bytes.text(offset + 4, "Exif\0\0") {
        hasEXIF = true
        orientation = EXIF.orientation(in: bytes, from: offset + 10, to: end)
      } else if marker == 0xE2, bytes.text(offset + 4, "ICC_PROFILE\0") {
        hasColorProfile = true
      }
      offset = end
    }
  }

  private mutating func readPNG(_ bytes: BoundedBytes) {
    var hasEXIF = false
    var offset = 8
    while let length = bytes.big(offset, 4), !bytes.text(offset + 4, "IEND") {
      if bytes.text(offset + 4, "eXIf"), !hasEXIF {
        hasEXIF = true
        orientation = EXIF.orientation(in: bytes, from: offset + 8, to: offset + 8 + length)
      } else if bytes.text(offset + 4, "iCCP") {
        hasColorProfile = true
      }
      offset += 12 + length
    }
  }
}
