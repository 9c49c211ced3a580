import Foundation
import Images
import Testing

/// Kinds of JPEG that Pillow reads and does not write; `tools/conformance/variants` made them.
@Suite("Rare JPEGs agree with Pillow, bit for bit")
struct VariantTests {
  struct Variant: CustomStringConvertible {
    let file: String
    let summary: String
    var description: String { file }

    func bytes() throws -> [UInt8] {
      try ImageFile.read(Golden.folder.appending(path: "variants/\(file)").path)
    }
  }

  static let all: [Variant] = {
    let path = Golden.folder.appending(path: "variants/sums.csv")
    let lines = (try? String(contentsOf: path, encoding: .utf8))?.split(separator: "\n") ?? []
    return lines.dropFirst().map { line in
      let fields = line.split(separator: ",").map(String.init)
      return Variant(file: fields[0], summary: "\(fields[1]) x \(fields[2]) \(fields[3])")
    }
  }()

  @Test func allAreThere() {
    #expect(Self.all.count == 18)
  }

  @Test(arguments: all)
  func pixels(_ variant: Variant) throws {
    let bytes = try variant.bytes()
    let image = try ImageDecoder().decode(bytes.span.bytes)
    #expect(image.summary == variant.summary)
    let header = try ImageDecoder().header(of: bytes.span.bytes)
    #expect(header.isStaged == variant.file.contains("progressive"))
  }

  /// Skipped rows go through the entropy decoder of each kind.
  @Test(arguments: all)
  func windows(_ variant: Variant) throws {
    let bytes = try variant.bytes()
    let decoder = ImageDecoder()
    let whole = try decoder.decode(bytes.span.bytes)
    let line = whole.width * 3
    for first in stride(from: 0, to: whole.height, by: 13) {
      for count in [1, 20, 70] {
        let window = first..<min(first + count, whole.height)
        var header = try decoder.header(of: bytes.span.bytes)
        var pixels = [UInt8](repeating: 77, count: header.byteCount)
        try pixels.withUnsafeMutableBufferPointer {
          try decoder.decode(bytes.span.bytes, &header, rows: window, into: $0)
        }
        let range = window.lowerBound * line..<window.upperBound * line
        #expect(pixels[range] == whole.pixels[range], "rows \(window)")
      }
    }
  }

  @Test(arguments: all)
  func truncationIsNoticed(_ variant: Variant) throws {
    let bytes = try variant.bytes()
    for count in stride(from: bytes.count - 40, to: 700, by: -97) {
      let cut = Array(bytes[..<count])
      let error = #expect(throws: ImageError.self) { try ImageDecoder().decode(cut.span.bytes) }
      #expect(error?.reason == .truncated || error?.reason == .corrupt)
      let lenient = try? ImageDecoder(damage: .accept).decode(cut.span.bytes)
      #expect(lenient == nil || lenient?.height == 141)
    }
  }
}
