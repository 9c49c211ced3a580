/// Tells formats by their first bytes. The order matters where one signature begins another.
enum FormatSignature {
  private enum Rule {
    case bytes([UInt8])
    case text(String)
    /// An ISO base media file, by its main brand.
    case brands([String])
    /// Text that stands behind others: at an offset.
    case texts(String, then: String, at: Int)
  }

  private static let rules: [(ImageFormat, [Rule])] = [
    (.jpegLS, [.bytes([0xFF, 0xD8, 0xFF, 0xF7])]),
    (.jpeg, [.bytes([0xFF, 0xD8, 0xFF])]),
    (.png, [.bytes([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])]),
    (.webp, [.texts("RIFF", then: "WEBP", at: 8)]),
    (.gif, [.text("GIF87a"), .text("GIF89a")]),
    (.avif, [.brands(["avif", "avis"])]),
    (.heic, [.brands(["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"])]),
    (
      .jpegXL,
      [.bytes([0xFF, 0x0A]), .bytes([0, 0, 0, 12] + Array("JXL \r\n".utf8) + [0x87, 0x0A])]
    ),
    (
      .jpeg2000,
      [
        .bytes([0, 0, 0, 12] + Array("jP  \r\n".utf8) + [0x87, 0x0A]),
        .bytes([0xFF, 0x4F, 0xFF, 0x51]),
      ]
    ),
    (.tiff, [.bytes([0x49, 0x49, 0x2A, 0]), .bytes([0x4D, 0x4D, 0, 0x2A])]),
    (.tiff, [.bytes([0x49, 0x49, 0x2B, 0]), .bytes([0x4D, 0x4D, 0, 0x2B])]),
    (.bmp, [.text("BM")]),
    (.icon, [.bytes([0, 0, 1, 0]), .bytes([0, 0, 2, 0])]),
    (.photoshop, [.text("8BPS")]),
    (.qoi, [.text("qoif")]),
    (.openEXR, [.bytes([0x76, 0x2F, 0x31, 0x01])]),
    (.radiance, [.text("#?RADIANCE"), .text("#?RGBE")]),
    (.directDraw, [.text("DDS ")]),
    (.pdf, [.text("%PDF-")]),
    (.svg, [.text("<svg")]),
  ]

  static func format(of bytes: UnsafeRawBufferPointer) -> ImageFormat? {
    func at(_ offset: Int, _ text: String) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }
    func holds(_ rule: Rule) -> Bool {
      switch rule {
      case .bytes(let signature): bytes.starts(with: signature)
      case .text(let text): at(0, text)
      case .brands(let brands): at(4, "ftyp") && brands.contains { at(8, $0) }
      case .texts(let text, let then, let offset): at(0, text) && at(offset, then)
      }
    }
    if let rule = rules.first(where: { $0.1.contains(where: holds) }) { return rule.0 }
    return isNetpbm(bytes) ? .netpbm : nil
  }

  /// `P1` to `P7` and white space.
  private static func isNetpbm(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 2, bytes[0] == 0x50, (0x31...0x37).contains(bytes[1]) else { return false }
    return [0x20, 0x09, 0x0A, 0x0D].contains(bytes[2])
  }
}
